from django.urls import path

from . import views

app_name = "outside"
urlpatterns = [
    path("episodes/<uuid:uid>/outside-scores/", views.show, name="show"),
    path("outside-scores/<uuid:uid>/taking-back/", views.take_back, name="take_back"),
    path("sheets/<uuid:uid>/answers.json", views.answers, name="answers"),
]
