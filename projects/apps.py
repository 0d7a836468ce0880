from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from portal.publishing.workflow import AFTER_APPROVAL, AFTER_STEP

        from . import doubts, filters, linked_data  # noqa: F401  # they register themselves
        from .models import note_period, note_progress

        AFTER_APPROVAL.append(note_progress)
        AFTER_STEP.append(note_period)
