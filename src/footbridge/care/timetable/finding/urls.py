from django.urls import path

from . import views

app_name = "finding"
urlpatterns = [path("episodes/<uuid:uid>/timetable/find/", views.find, name="find")]
