from django.urls import path

from . import views

urlpatterns = [
    path("timetable/board/", views.board, name="board"),
    path("timetable/board/short/", views.short, name="board_short"),
    path("timetable/board/goals/", views.weigh, name="board_goals"),
    path("timetable/board/drafts/", views.start, name="draft_start"),
    path("timetable/board/drafts/<uuid:uid>/", views.draft, name="draft"),
    path("timetable/board/drafts/<uuid:uid>/meetings/<uuid:meeting>/", views.move, name="draft_move"),
    path("timetable/board/drafts/<uuid:uid>/hours/", views.add, name="draft_add"),
    path("timetable/board/drafts/<uuid:uid>/people/<uuid:episode>/", views.person, name="draft_person"),
    path("timetable/board/drafts/<uuid:uid>/people/<uuid:episode>/visits/", views.add_visit, name="draft_add_visit"),
    path("timetable/board/drafts/<uuid:uid>/people/<uuid:episode>/visits/<uuid:key>/", views.visit, name="draft_visit"),
    path("timetable/board/drafts/<uuid:uid>/steps/<uuid:step>/undo/", views.undo, name="draft_undo"),
    path("timetable/board/drafts/<uuid:uid>/drop/", views.drop, name="draft_drop"),
    path("timetable/board/drafts/<uuid:uid>/build/", views.build, name="draft_build"),
    path("timetable/board/drafts/<uuid:uid>/build/<uuid:build>/stop/", views.build_stop, name="draft_build_stop"),
    path("timetable/board/drafts/<uuid:uid>/build/<uuid:build>/take/", views.build_take, name="draft_build_take"),
    path("timetable/board/drafts/<uuid:uid>/publish/", views.publish, name="draft_publish"),
    path("timetable/board/published/<uuid:uid>/", views.published, name="week_published"),
]
