from django.urls import path

from . import views

app_name = "safety"
urlpatterns = [
    path("alarms/", views.alarms, name="alarms"),
    path("alarms/away/", views.away, name="away"),
    path("alarms/away/<uuid:uid>/back/", views.back, name="back"),
    path("alarms/<uuid:uid>/", views.alarm, name="alarm"),
    path("alarms/<uuid:uid>/hand-on/", views.hand_on, name="hand_on"),
    path("alarms/<uuid:uid>/take/", views.take, name="take"),
    path("episodes/<uuid:uid>/safety/", views.show, name="show"),
    path("episodes/<uuid:uid>/safety/risk/", views.assess, name="assess"),
    path("episodes/<uuid:uid>/safety/plan/", views.write_plan, name="write_plan"),
    path("episodes/<uuid:uid>/safety/alarm/", views.raise_by_hand, name="raise"),
]
