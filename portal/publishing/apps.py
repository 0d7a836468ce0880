from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


def lift_guards(using, plan, **_kwargs):
    from .constraints import lift_guards

    if plan:
        lift_guards(using)


def reinstall_guards(using, **_kwargs):
    from .constraints import install_guards

    install_guards(using)


class PublishingConfig(AppConfig):
    name = "portal.publishing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # The only signals of the house: `migrate` alone knows when the first table is remade and when the last.
        pre_migrate.connect(lift_guards, sender=self, dispatch_uid="publishing.lift_guards")
        post_migrate.connect(reinstall_guards, sender=self, dispatch_uid="publishing.guards")
