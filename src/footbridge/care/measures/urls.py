from django.urls import path

from .views import answering, chart, entering, schedule, taking

app_name = "measures"
urlpatterns = [
    # Without sign-in: the token is the key, for one person, until it runs out or all is answered.
    path("q/thanks/", answering.thanks, name="thanks"),
    path("q/<str:token>/", answering.by_link, name="by_link"),
    path("q/<str:token>/help/", answering.help_by_link, name="help_by_link"),
    # A device that staff handed over is held to these three.
    path("room/", answering.room, name="room"),
    path("room/<uuid:bundle>/", answering.room, name="room_of"),
    path("room/help/", answering.room_help, name="room_help"),
    path("room/thanks/", answering.room_thanks, name="room_thanks"),
    path("me/questions/start/", answering.start, name="start"),
    path("me/questions/<uuid:uid>/", answering.own, name="answer"),
    path("me/questions/<uuid:uid>/help/", answering.help_own, name="help"),
    path("episodes/<uuid:uid>/measures/", chart.show, name="show"),
    path("episodes/<uuid:uid>/measures/<slug:code>/scores.csv", taking.as_csv, name="csv"),
    path("episodes/<uuid:uid>/measures/<slug:code>/scores.pdf", taking.as_pdf, name="pdf"),
    path("episodes/<uuid:uid>/measures/give/", chart.give, name="give"),
    path("sheets/<uuid:uid>/", entering.sheet, name="sheet"),
    path("sheets/<uuid:uid>/enter/", entering.enter, name="enter"),
    path("sheets/<uuid:uid>/again/", entering.again, name="again"),
    path("sheets/<uuid:uid>/differences/", entering.differences, name="differences"),
    path("sheets/<uuid:uid>/hand-over/", entering.hand_over, name="hand_over"),
    path("topics/<uuid:uid>/", entering.topic, name="topic"),
    path("measures/schedule/", schedule.schedules, name="schedules"),
    path("sheets/<uuid:uid>/take-back/", entering.withdraw, name="withdraw"),
    path("sheets/<uuid:uid>/link/", chart.renew, name="renew"),
    path("course-alerts/<uuid:uid>/", chart.close_alert, name="close_alert"),
]
