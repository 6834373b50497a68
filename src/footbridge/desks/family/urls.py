from django.urls import path

from . import supporters, views

app_name = "family"
urlpatterns = [
    path("family/", views.home, name="home"),
    path("family/<uuid:uid>/", views.person, name="person"),
    path("episodes/<uuid:uid>/supporters/", supporters.listed, name="supporters"),
    path("episodes/<uuid:uid>/supporters/new/", supporters.add, name="add"),
    path("episodes/<uuid:uid>/supporters/<uuid:who>/", supporters.change, name="change"),
    path("episodes/<uuid:uid>/supporters/<uuid:who>/end/", supporters.end, name="end"),
    path("episodes/<uuid:uid>/supporters/<uuid:who>/invite/", supporters.invite, name="invite"),
]
