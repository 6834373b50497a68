from django.urls import path

from . import views

app_name = "aftercare"
urlpatterns = [
    path("aftercare/", views.due, name="due"),
    path("episodes/<uuid:uid>/aftercare/", views.show, name="show"),
]
