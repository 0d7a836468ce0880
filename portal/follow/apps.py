from django.apps import AppConfig


class FollowConfig(AppConfig):
    name = "portal.follow"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from portal.inquiries.people import KEEPERS, Keeper

        from . import following

        KEEPERS["follows"] = Keeper(following.export, following.erase)
