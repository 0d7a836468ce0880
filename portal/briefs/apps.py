from django.apps import AppConfig


class BriefsConfig(AppConfig):
    name = "portal.briefs"
    default_auto_field = "django.db.models.BigAutoField"
