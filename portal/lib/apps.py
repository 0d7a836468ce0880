from django.apps import AppConfig


class LibConfig(AppConfig):
    name = "portal.lib"
    default_auto_field = "django.db.models.BigAutoField"
