from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "portal.search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from portal.publishing.filters import SAYING
        from portal.publishing.workflow import AFTER_APPROVAL

        from .lists import saying
        from .models import IndexText

        AFTER_APPROVAL.append(IndexText.write)
        SAYING.append(saying)
