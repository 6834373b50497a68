from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "footbridge.kit.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The sign-in library tells of these moments by signal only; they are written on the trail."""
        from allauth.account import signals as account
        from allauth.mfa import signals as mfa
        from axes.signals import user_locked_out

        from . import log

        mfa.authenticator_added.connect(log.factor_added, dispatch_uid="access.factor_added")
        mfa.authenticator_removed.connect(log.factor_removed, dispatch_uid="access.factor_removed")
        mfa.authenticator_reset.connect(log.codes_renewed, dispatch_uid="access.codes_renewed")
        mfa.authentication_failed.connect(log.code_refused, dispatch_uid="access.code_refused")
        account.password_changed.connect(log.password_changed, dispatch_uid="access.password_changed")
        account.password_reset.connect(log.password_reset, dispatch_uid="access.password_reset")
        user_locked_out.connect(log.locked_out, dispatch_uid="access.locked_out")
