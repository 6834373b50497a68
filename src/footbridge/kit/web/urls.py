from django.urls import path

from . import views

urlpatterns = [
    path("parts/", views.parts, name="parts"),
    path("draft/", views.draft, name="draft"),
    path("look/", views.look, name="look"),
    path("language/", views.language, name="set_language"),
    path("exit/", views.exit_page, name="exit_page"),
    path("sw.js", views.worker, name="worker"),
]
