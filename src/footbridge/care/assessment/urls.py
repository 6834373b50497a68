from django.urls import path

from . import views

app_name = "assessment"
urlpatterns = [
    path("episodes/<uuid:uid>/assessment/", views.show, name="show"),
    path("episodes/<uuid:uid>/assessment/sign/", views.sign, name="sign"),
    path("episodes/<uuid:uid>/assessment/diagnoses/", views.diagnoses, name="diagnoses"),
    path("episodes/<uuid:uid>/assessment/diagnoses/<uuid:diagnosis>/", views.diagnosis, name="diagnosis"),
    path("episodes/<uuid:uid>/assessment/sections/<slug:section>/", views.section, name="section"),
    path("episodes/<uuid:uid>/assessment/sections/<slug:section>/versions/", views.versions, name="versions"),
]
