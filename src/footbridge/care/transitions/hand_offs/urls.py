from django.urls import path

from . import views

app_name = "hand_offs"
urlpatterns = [
    path("hand-offs/", views.listing, name="list"),
    path("inquiries/<uuid:uid>/elsewhere/", views.from_request, name="from_request"),
    path("episodes/<uuid:uid>/elsewhere/", views.from_episode, name="from_episode"),
    path("hand-offs/<uuid:uid>/", views.show, name="show"),
    path("hand-offs/<uuid:uid>/agreement/", views.agree, name="agree"),
    path("hand-offs/<uuid:uid>/owner/", views.owner, name="owner"),
    path("hand-offs/<uuid:uid>/end/", views.end, name="end"),
    path("hand-offs/<uuid:uid>/letter.pdf", views.letter_there, name="letter"),
    path("hand-offs/<uuid:uid>/next.pdf", views.page_for_them, name="for_them"),
]
