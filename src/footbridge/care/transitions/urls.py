from django.urls import path

from . import views

app_name = "transitions"
urlpatterns = [
    path("episodes/<uuid:uid>/transitions/", views.show, name="show"),
    path("episodes/<uuid:uid>/transitions/step/", views.step, name="step"),
    path("episodes/<uuid:uid>/transitions/discharge/", views.discharge, name="discharge"),
    path("episodes/<uuid:uid>/transitions/relapse-plan/", views.relapse_plan, name="relapse_plan"),
    path("transitions/<uuid:uid>/arrival/", views.arrival, name="arrival"),
]
