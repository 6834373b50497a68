from django.urls import path

from . import views

app_name = "placement"
urlpatterns = [
    path("episodes/<uuid:uid>/placement/", views.show, name="show"),
    path("episodes/<uuid:uid>/placement/criteria/", views.outside, name="outside"),
    path("program/level-of-care/", views.rules_page, name="rules"),
    path("program/licensed-criteria/", views.licences, name="licences"),
]
