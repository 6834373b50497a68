from django.urls import path

from . import views

app_name = "seats"
urlpatterns = [path("intake/seats/", views.show, name="list")]
