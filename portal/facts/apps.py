from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "portal.facts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from portal.publishing.workflow import AFTER_EDIT, BEFORE_SUBMIT

        from . import doubts

        AFTER_EDIT.append(doubts.count_open)
        BEFORE_SUBMIT.append(doubts.refuse_open)
