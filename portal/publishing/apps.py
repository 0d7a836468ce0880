from django.apps import AppConfig
from django.db.models.signals import post_migrate


def reinstall_guards(using, **_kwargs):
    from .constraints import install_guards

    install_guards(using)


class PublishingConfig(AppConfig):
    name = "portal.publishing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # The one signal of the house: only `migrate` itself knows when the last table has been remade.
        post_migrate.connect(reinstall_guards, sender=self, dispatch_uid="publishing.guards")
