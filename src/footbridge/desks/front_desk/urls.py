from django.urls import path

from . import views
from .elsewhere import views as elsewhere

app_name = "front_desk"

urlpatterns = [
    path("intake/", views.requests, name="list"),
    path("intake/calls/", views.call_taken, name="call_taken"),
    path("intake/records/", views.doubles, name="doubles"),
    path("intake/records/<uuid:one>/<uuid:other>/", views.double, name="double"),
    path("intake/elsewhere/", elsewhere.listing, name="elsewhere"),
    path("intake/elsewhere/add/", elsewhere.add, name="elsewhere_add"),
    path("intake/elsewhere/file/", elsewhere.from_file, name="elsewhere_file"),
    path("intake/elsewhere/<uuid:uid>/", elsewhere.change, name="elsewhere_change"),
    path("intake/elsewhere/<uuid:uid>/checked/", elsewhere.checked, name="elsewhere_checked"),
    path("intake/elsewhere/<uuid:uid>/end/", elsewhere.ended, name="elsewhere_ended"),
    path("episodes/<uuid:uid>/papers/", views.papers, name="papers"),
    path("episodes/<uuid:uid>/papers/portal/", views.invite, name="portal"),
    path("episodes/<uuid:uid>/papers/coverage/", views.record_coverage, name="coverage"),
    path("episodes/<uuid:uid>/papers/benefits/", views.check_benefits, name="benefits"),
    path("episodes/<uuid:uid>/papers/consents/", views.take_consent, name="consents"),
    path("episodes/<uuid:uid>/papers/consents/<uuid:consent_uid>/end/", views.revoke_consent, name="revoke"),
]
