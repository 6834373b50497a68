from django.urls import path

from . import views

app_name = "clinician"
urlpatterns = [
    path("day/", views.day, name="day"),
    path("clients/", views.caseload, name="caseload"),
    path("clients/exception/", views.exception, name="exception"),
    path("huddle/", views.huddle, name="huddle"),
    path("sessions/<uuid:uid>/before/", views.before, name="before"),
    path("episodes/<uuid:uid>/", views.chart, name="chart"),
    path("episodes/<uuid:uid>/history/", views.history, name="history"),
]
