from django.urls import path

from . import closing, pairs, views
from .board.urls import urlpatterns as board
from .mending import views as mending

app_name = "timetable"
urlpatterns = [
    path("timetable/", views.week, name="week"),
    path("timetable/publishing/", views.publishing, name="publishing"),
    path("timetable/out/", mending.out, name="out"),
    path("timetable/closed/", closing.close, name="close_day"),
    path("timetable/closed/<uuid:uid>/", closing.closed_day, name="closed_day"),
    path("timetable/closed/<uuid:uid>/open/", closing.open_day, name="open_day"),
    path("timetable/mended/<uuid:uid>/", mending.mended, name="mended"),
    path("timetable/mended/<uuid:uid>/undo/", mending.undone, name="undone"),
    path("timetable/program/<slug:code>/", views.program_page, name="program"),
    path("timetable/meetings/<uuid:uid>/", views.leader, name="leader"),
    path("timetable/sessions/<uuid:uid>/", views.session, name="session"),
    path("timetable/places/<uuid:uid>/", views.place, name="place"),
    path("timetable/visits/<uuid:uid>/", views.visit, name="visit"),
    path("timetable/bookings/<uuid:uid>/", views.booking, name="booking"),
    path("episodes/<uuid:uid>/timetable/", views.episode, name="episode"),
    path("episodes/<uuid:uid>/timetable/together/", pairs.show, name="pairs"),
    path("timetable/pairings/<uuid:uid>/end/", pairs.end, name="end_pair"),
    path("episodes/<uuid:uid>/timetable/track/", views.track, name="track"),
    path("episodes/<uuid:uid>/timetable/group/", views.group, name="group"),
    path("episodes/<uuid:uid>/timetable/visit/", views.add_visit, name="add_visit"),
    path("episodes/<uuid:uid>/timetable/once/", views.once, name="once"),
    *board,
]
