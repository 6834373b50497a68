from django.urls import path

from . import views

app_name = "sessions"
urlpatterns = [
    path("sessions/<uuid:uid>/", views.show, name="show"),
    path("sessions/<uuid:uid>/attendance/", views.attendance, name="attendance"),
    path("sessions/<uuid:uid>/people/<uuid:person>/", views.person, name="person"),
    path("sessions/<uuid:uid>/people/<uuid:person>/signature/", views.part_signature, name="part_signature"),
    path("sessions/<uuid:uid>/signature/", views.signature, name="signature"),
    path("sessions/<uuid:uid>/amendments/", views.amendments, name="amendments"),
    path("sessions/<uuid:uid>/not-held/", views.not_held, name="not_held"),
    path("sessions/<uuid:uid>/sign-in-sheet/", views.sign_in_sheet, name="sign_in_sheet"),
]
