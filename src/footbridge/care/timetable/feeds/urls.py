from django.urls import path

from . import views

app_name = "feeds"
urlpatterns = [
    path("me/calendar/", views.mine, name="mine"),
    path("me/calendar/renew/", views.renew_mine, name="renew_mine"),
    path("me/calendar/end/", views.end_mine, name="end_mine"),
    path("timetable/calendar/", views.work, name="work"),
    path("timetable/calendar/renew/", views.renew_work, name="renew_work"),
    path("timetable/calendar/end/", views.end_work, name="end_work"),
    path("calendar/<slug:secret>.ics", views.ics, name="ics"),
]
