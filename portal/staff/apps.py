from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "portal.staff"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from . import notices  # noqa: F401  # it has itself told of each step
