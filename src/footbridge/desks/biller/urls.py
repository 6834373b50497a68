from django.urls import path

from . import views

app_name = "biller"
urlpatterns = [
    path("days/", views.days, name="days"),
    path("days/file/", views.file, name="file"),
]
