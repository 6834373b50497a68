from django.urls import path

from . import views

app_name = "director"
urlpatterns = [
    path("program/", views.home, name="home"),
    path("program/glass/", views.glass, name="glass"),
    path("people/", views.people, name="people"),
    path("people/add/", views.add, name="add"),
    path("people/<uuid:uid>/", views.person, name="person"),
    path("people/<uuid:uid>/role/", views.role, name="role"),
    path("people/<uuid:uid>/credential/", views.credential, name="credential"),
    path("people/<uuid:uid>/supervisor/", views.supervisor, name="supervisor"),
    path("people/roles/<uuid:uid>/end/", views.end_role, name="end_role"),
]
