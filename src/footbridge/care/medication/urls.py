from django.urls import path

from . import views

app_name = "medication"
_HERE = "episodes/<uuid:uid>/medication/"
urlpatterns = [
    path(_HERE, views.show, name="show"),
    path(f"{_HERE}new/", views.add, name="add"),
    path(f"{_HERE}list/<str:about>/", views.state, name="state"),
    path(f"{_HERE}reconciliation/", views.reconcile, name="reconcile"),
    path(f"{_HERE}allergies/new/", views.add_allergy, name="add_allergy"),
    path(f"{_HERE}allergies/<uuid:row>/", views.withdraw_allergy, name="withdraw_allergy"),
    path(f"{_HERE}checks/new/", views.check, name="check"),
    path(f"{_HERE}testing/", views.testing, name="testing"),
    path(f"{_HERE}tests/new/", views.drug_test, name="drug_test"),
    path(f"{_HERE}tests/<uuid:row>/results/new/", views.result, name="result"),
    path(f"{_HERE}<uuid:row>/change/", views.change, name="change"),
    path(f"{_HERE}<uuid:row>/stop/", views.stop, name="stop"),
]
