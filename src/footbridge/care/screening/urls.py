from django.urls import path

from . import views

app_name = "screening"
urlpatterns = [
    path("episodes/<uuid:uid>/screening/", views.show, name="show"),
    path("episodes/<uuid:uid>/screening/take/", views.take, name="take"),
]
