"""Erases the inquiries older than INQUIRY_RETENTION_MONTHS. Beat asks for it every hour; this is for by hand."""

from django.core.management.base import BaseCommand

from portal.inquiries import people


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        self.stdout.write(f"{people.erase_old()} inquiries erased.")
