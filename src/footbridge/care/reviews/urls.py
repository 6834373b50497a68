from django.urls import path

from . import views

app_name = "reviews"
urlpatterns = [
    path("episodes/<uuid:uid>/reviews/", views.show, name="show"),
    path("episodes/<uuid:uid>/reviews/new/", views.new, name="new"),
]
