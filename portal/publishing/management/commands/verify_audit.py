"""Walk the audit trail and say where it was changed or cut."""

from django.core.management.base import BaseCommand, CommandError

from portal.publishing.models import Event


class Command(BaseCommand):
    help = "Check that no row of the audit trail was changed or taken out."

    def handle(self, *args, **options):
        previous, count = "", 0
        for event in Event.objects.order_by("pk").iterator():
            if event.digest != event.digest_after(previous):
                raise CommandError(f"The audit trail is broken at event {event.pk}, {event}.")
            previous, count = event.digest, count + 1
        self.stdout.write(f"{count} events, unbroken.")
