from django.urls import path

from . import views
from .gates import views as gates
from .hours import views as hours
from .lines import views as lines
from .outcomes import views as outcomes
from .places import views as places
from .suicide_goal import views as suicide_goal

app_name = "director"
urlpatterns = [
    path("program/", views.home, name="home"),
    path("program/glass/", views.glass, name="glass"),
    path("program/crisis-lines/", lines.show, name="lines"),
    path("program/crisis-lines/<uuid:uid>/checked/", lines.checked, name="line_checked"),
    path("program/crisis-lines/<uuid:uid>/end/", lines.ended, name="line_ended"),
    path("program/places/", places.show, name="places"),
    path("program/places/places.csv", places.as_csv, name="places_csv"),
    path("program/consents/", gates.show, name="gates"),
    path("outcomes/", outcomes.show, name="outcomes"),
    path("outcomes/outcomes.csv", outcomes.as_csv, name="outcomes_csv"),
    path("outcomes/outcomes.pdf", outcomes.as_pdf, name="outcomes_pdf"),
    path("outcomes/alerts/", outcomes.alerts, name="alerts"),
    path("outcomes/evidence/", outcomes.show_evidence, name="evidence"),
    path("outcomes/evidence/records.csv", outcomes.evidence_csv, name="evidence_csv"),
    path("outcomes/npsg-15-01-01/", suicide_goal.show, name="suicide_goal"),
    path("outcomes/npsg-15-01-01/records.csv", suicide_goal.as_csv, name="suicide_goal_csv"),
    path("people/", views.people, name="people"),
    path("people/add/", views.add, name="add"),
    path("people/<uuid:uid>/", views.person, name="person"),
    path("people/hours/", hours.listed, name="hours"),
    path("people/<uuid:uid>/hours/", hours.edit, name="hours_of"),
    path("people/<uuid:uid>/role/", views.role, name="role"),
    path("people/<uuid:uid>/credential/", views.credential, name="credential"),
    path("people/<uuid:uid>/supervisor/", views.supervisor, name="supervisor"),
    path("people/roles/<uuid:uid>/end/", views.end_role, name="end_role"),
]
