from django.urls import path

from . import views

app_name = "printing"
urlpatterns = [
    path("timetable/print/", views.choose, name="choose"),
    path("timetable/week.pdf", views.week, name="week"),
    path("episodes/<uuid:uid>/timetable/week.pdf", views.person, name="person"),
]
