from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "portal.facts"
    default_auto_field = "django.db.models.BigAutoField"
