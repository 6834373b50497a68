from django.urls import path

from . import views

app_name = "placement"
urlpatterns = [
    path("episodes/<uuid:uid>/placement/", views.show, name="show"),
    path("program/level-of-care/", views.rules_page, name="rules"),
]
