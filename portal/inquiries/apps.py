from django.apps import AppConfig


class InquiriesConfig(AppConfig):
    name = "portal.inquiries"
    default_auto_field = "django.db.models.BigAutoField"
