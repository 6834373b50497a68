from django.urls import path

from . import views

app_name = "instruments"
urlpatterns = [
    path("instruments/", views.index, name="list"),
    path("instruments/add/", views.add, name="add"),
    path("instruments/add/file/", views.add_file, name="add_file"),
    path("instruments/add/fhir/", views.add_fhir, name="add_fhir"),
    path("instruments/add/form/", views.write, name="write"),
    path("instruments/<slug:code>/", views.show, name="show"),
    path("instruments/<slug:code>/versions/", views.compare, name="compare"),
    path("instruments/<slug:code>/preview/", views.preview, name="preview"),
    path("instruments/<slug:code>/text/", views.text, name="text"),
    path("instruments/<slug:code>/change/", views.change, name="change"),
    path("instruments/<slug:code>/verification/", views.verify, name="verify"),
    path("instruments/<slug:code>/retirement/", views.retire, name="retire"),
    path("instruments/<slug:code>/return/", views.bring_back, name="bring_back"),
    path("instruments/<slug:code>/questionnaire.json", views.questionnaire, name="questionnaire"),
    path("instruments/<slug:code>/definition.yaml", views.definition, name="definition"),
]
