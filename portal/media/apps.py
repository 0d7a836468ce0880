from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "portal.media"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from . import doubts  # noqa: F401  # its checks register themselves
