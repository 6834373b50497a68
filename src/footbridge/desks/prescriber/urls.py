from django.urls import path

from . import views

app_name = "prescriber"
urlpatterns = [
    path("visits/", views.day, name="day"),
    path("visits/<uuid:uid>/", views.visit, name="visit"),
]
