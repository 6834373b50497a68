from django.urls import path

from . import views

app_name = "family"
urlpatterns = [path("family/", views.home, name="home"), path("family/<uuid:uid>/", views.person, name="person")]
