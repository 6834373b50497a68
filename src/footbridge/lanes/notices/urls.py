from django.urls import path

from . import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.listing, name="list"),
    path("notices/<uuid:uid>/again/", views.resend, name="resend"),
]
