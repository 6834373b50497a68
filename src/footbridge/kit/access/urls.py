"""Addresses of signing in. Of the sign-in library only what we use: no sign-up, no change of address by oneself."""

from allauth.account import views as account
from django.urls import include, path, re_path

from . import views

urlpatterns = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("lock/", views.lock, name="lock"),
    path("unlock/", views.unlock, name="unlock"),
    path("stay/", views.stay, name="stay"),
    path("welcome/<str:token>/", views.welcome, name="welcome"),
    path("house/roles/", views.roles, name="roles"),
    path("account/closed/", account.account_inactive, name="account_inactive"),
    path("account/prove/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/password/set/", account.password_set, name="account_set_password"),
    path("account/password/forgotten/", account.password_reset, name="account_reset_password"),
    path("account/password/forgotten/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^account/password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("account/password/new/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("account/second-step/", views.second_step, name="second_step"),
    path("account/everywhere/", views.everywhere, name="sign_out_everywhere"),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("account/", include("allauth.mfa.urls")),
]
