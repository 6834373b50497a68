from django.urls import path

from . import views

app_name = "inquiry"

urlpatterns = [
    path("inquiries/<uuid:uid>/", views.show, name="show"),
    path("inquiries/<uuid:uid>/attempts/", views.attempts, name="attempts"),
    path("inquiries/<uuid:uid>/urgency/", views.urgency, name="urgency"),
    path("inquiries/<uuid:uid>/episode/", views.episode, name="episode"),
    path("inquiries/<uuid:uid>/apart/<uuid:client>/", views.apart, name="apart"),
    path("inquiries/<uuid:uid>/waiting/", views.waiting, name="waiting"),
    path("inquiries/<uuid:uid>/closing/", views.closing, name="closing"),
]
