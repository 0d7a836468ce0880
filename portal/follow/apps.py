from django.apps import AppConfig


class FollowConfig(AppConfig):
    name = "portal.follow"
    default_auto_field = "django.db.models.BigAutoField"
