from django.urls import path

from . import estimates, orders, views, waiting
from .calls import views as calls
from .elsewhere import views as elsewhere
from .sources import views as sources

app_name = "front_desk"

urlpatterns = [
    path("intake/", views.requests, name="list"),
    path("intake/waiting/", waiting.show, name="waiting"),
    path("intake/sources/", sources.sources, name="sources"),
    path("intake/sources/<uuid:uid>/<slug:milestone>/", sources.report, name="report"),
    path("intake/sources/<uuid:uid>/<slug:milestone>/letter.pdf", sources.letter, name="report_letter"),
    path("intake/calls/", calls.new, name="call_taken"),
    path("intake/calls/<uuid:uid>/", calls.call, name="call"),
    path("intake/calls/<uuid:uid>/danger/", calls.danger, name="danger"),
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
    path("episodes/<uuid:uid>/papers/estimate/", estimates.give, name="estimate"),
    path("episodes/<uuid:uid>/papers/estimate/<uuid:estimate>/estimate.pdf", estimates.letter, name="estimate_letter"),
    path("episodes/<uuid:uid>/papers/orders/", orders.keep, name="order"),
    path("episodes/<uuid:uid>/papers/orders/<uuid:order>/end/", orders.end, name="order_end"),
    path("episodes/<uuid:uid>/papers/consents/", views.take_consent, name="consents"),
    path("episodes/<uuid:uid>/papers/consents/<uuid:consent_uid>/end/", views.revoke_consent, name="revoke"),
]
