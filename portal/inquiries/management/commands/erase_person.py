"""Erases everything kept about who wrote from an e-mail address. Backups keep it until they are overwritten."""

from django.core.management.base import BaseCommand

from portal.inquiries import people


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--email", required=True)

    def handle(self, *, email, **options):
        self.stdout.write(f"{people.erase_person(email)} inquiries erased.")
