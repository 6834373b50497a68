from django.urls import include, path

from .views import asking, guide, learn, start

public = [
    path("for/<slug:who>/", start.door, name="door"),
    path("guide/", guide.guide, name="guide"),
    path("kinds-of-care/", learn.what, name="what"),
    path("a-week/", learn.week, name="week"),
    path("costs/", learn.costs, name="costs"),
    path("families/", learn.families, name="families"),
    path("insurer/", learn.insurer, name="insurer"),
    path("request/", asking.ask, name="request"),
    path("request/for-someone/", asking.ask_for_other, name="request_for_other"),
    path("request/sent/<uuid:uid>/", asking.sent, name="sent"),
    path("refer/", asking.refer, name="refer"),
]

urlpatterns = [
    path("", start.home, name="home"),
    path("help/", start.help_now, name="help_now"),
    path("how-to-hide/", start.how_to_hide, name="how_to_hide"),
    path("", include((public, "public"))),
]
