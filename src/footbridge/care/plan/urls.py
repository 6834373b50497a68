from django.urls import path

from . import views

app_name = "plan"
_HERE = "episodes/<uuid:uid>/plan/"
urlpatterns = [
    path(_HERE, views.show, name="show"),
    path(f"{_HERE}start/", views.start, name="start"),
    path(f"{_HERE}next/", views.revise, name="revise"),
    path(f"{_HERE}edit/", views.edit, name="edit"),
    path(f"{_HERE}edit/<str:kind>/<uuid:node>/", views.node, name="node"),
    path(f"{_HERE}edit/<str:kind>/<uuid:node>/add/", views.add, name="add"),
    path(f"{_HERE}edit/<str:kind>/<uuid:node>/remove/", views.remove, name="remove"),
    path(f"{_HERE}signature/", views.sign, name="sign"),
    path(f"{_HERE}versions/", views.versions, name="versions"),
    path(f"{_HERE}certification/", views.certify, name="certify"),
    path(f"{_HERE}supervision/", views.supervise, name="supervise"),
    path(f"{_HERE}copy/", views.copy, name="copy"),
    path("plans/waiting/", views.waiting, name="waiting"),
    path("me/plan/copy/", views.client_copy, name="client_copy"),
    path("me/plan/sign/", views.client_sign, name="client_sign"),
]
