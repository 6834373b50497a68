from django.urls import path

from . import views

app_name = "practice"
urlpatterns = [
    path("episodes/<uuid:uid>/practice/", views.show, name="show"),
    path("practice/<uuid:uid>/end/", views.end, name="end"),
    path("practice/logs/<uuid:uid>/comment/", views.comment, name="comment"),
]
