from django.urls import path

from . import views

app_name = "course"
urlpatterns = [
    path("outcomes/course/", views.show, name="show"),
    path("outcomes/course/<uuid:uid>/fit/", views.fit, name="fit"),
]
