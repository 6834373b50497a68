from django.urls import path

from . import taking, views, week

app_name = "client"
urlpatterns = [
    path("me/", views.today, name="today"),
    path("me/week/", week.show, name="week"),
    path("me/week/week.pdf", week.as_pdf, name="week_pdf"),
    path("me/questions/", views.questions, name="questions"),
    path("me/plan/", views.plan, name="plan"),
    path("me/safety-plan/", views.safety_plan, name="safety_plan"),
    path("me/safety-plan/write/", views.write_safety_plan, name="write_safety_plan"),
    path("me/safety-plan/card/", views.print_safety_plan, {"shape": "card"}, name="safety_card"),
    path("me/safety-plan/large-print/", views.print_safety_plan, {"shape": "large"}, name="safety_large"),
    path("me/staying-well/", views.relapse_plan, name="relapse_plan"),
    path("me/progress/", views.progress, name="progress"),
    path("me/progress/<slug:code>/scores.csv", taking.as_csv, name="progress_csv"),
    path("me/progress/<slug:code>/scores.pdf", taking.as_pdf, name="progress_pdf"),
    path("me/practice/", views.practice, name="practice"),
    path("me/practice/<uuid:uid>/", views.log, name="log"),
    path("me/check-in/", views.check_in, name="check_in"),
    path("me/papers/", views.papers, name="papers"),
    path("me/papers/consents/<uuid:uid>/end/", views.end_consent, name="end_consent"),
    path("me/papers/supporters/new/", views.name_supporter, name="name_supporter"),
    path("me/papers/supporters/<uuid:uid>/", views.change_supporter, name="change_supporter"),
    path("me/papers/supporters/<uuid:uid>/end/", views.end_supporter, name="end_supporter"),
]
