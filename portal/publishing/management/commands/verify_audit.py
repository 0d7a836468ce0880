"""Walk the audit trail and say where it was changed or cut."""

from django.core.management.base import BaseCommand, CommandError

from portal.publishing.models import Event


class Command(BaseCommand):
    help = "Check that no row of the audit trail was changed or taken out."

    def handle(self, *args, **options):
        previous = ""
        for count, event in enumerate(Event.objects.order_by("pk").iterator(), 1):
            if event.digest != event.digest_after(previous):
                raise CommandError(f"The audit trail is broken at event {event.pk}, {event}.")
            previous = event.digest
        self.stdout.write(f"{count if previous else 0} events, unbroken.")
