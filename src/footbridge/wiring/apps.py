from django.apps import AppConfig


class WiringConfig(AppConfig):
    name = "footbridge.wiring"
    label = "wiring"
