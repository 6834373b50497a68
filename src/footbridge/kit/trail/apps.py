from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TrailConfig(AppConfig):
    name = "footbridge.kit.trail"
    label = "trail"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # The one signal of the house: Django's own hook after a migration, so that no table can arrive without its guard.
        from .guard import install

        post_migrate.connect(install, dispatch_uid="trail.guard")
