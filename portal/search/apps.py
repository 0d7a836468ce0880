from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "portal.search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from portal.publishing.workflow import AFTER_APPROVAL

        from .models import IndexText

        AFTER_APPROVAL.append(IndexText.write)
