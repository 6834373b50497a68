from django.urls import path

from . import views
from .dispositions import views as dispositions
from .incidents import views as incidents
from .means import views as means

app_name = "safety"
urlpatterns = [
    path("alarms/", views.alarms, name="alarms"),
    path("alarms/away/", views.away, name="away"),
    path("alarms/away/<uuid:uid>/back/", views.back, name="back"),
    path("alarms/<uuid:uid>/", views.alarm, name="alarm"),
    path("alarms/<uuid:uid>/hand-on/", views.hand_on, name="hand_on"),
    path("alarms/<uuid:uid>/chart/", views.open_chart, name="open_chart"),
    path("alarms/<uuid:uid>/take/", views.take, name="take"),
    path("episodes/<uuid:uid>/safety/", views.show, name="show"),
    path("episodes/<uuid:uid>/safety/risk/", views.assess, name="assess"),
    path("episodes/<uuid:uid>/safety/plan/", views.write_plan, name="write_plan"),
    path("episodes/<uuid:uid>/safety/plan/card/", views.print_plan, {"shape": "card"}, name="plan_card"),
    path("episodes/<uuid:uid>/safety/plan/large-print/", views.print_plan, {"shape": "large"}, name="plan_large"),
    path("episodes/<uuid:uid>/safety/alarm/", views.raise_by_hand, name="raise"),
    path("episodes/<uuid:uid>/safety/disposition/", dispositions.record, name="disposition"),
    path("episodes/<uuid:uid>/safety/means/", means.means, name="means"),
    path("episodes/<uuid:uid>/safety/naloxone/", means.naloxone, name="naloxone"),
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents/report/", incidents.report_incident, name="report_incident"),
    path("incidents/deadlines/<uuid:uid>/", incidents.meet, name="meet_clock"),
    path("incidents/<uuid:uid>/", incidents.incident, name="incident"),
    path("incidents/<uuid:uid>/deadline/", incidents.deadline, name="incident_deadline"),
    path("incidents/<uuid:uid>/close/", incidents.close, name="close_incident"),
    path("mandated-reports/", incidents.reports, name="mandated_reports"),
    path("mandated-reports/log/", incidents.log_report, name="log_report"),
    path("mandated-reports/<uuid:uid>/", incidents.report, name="mandated_report"),
]
