"""Erases everything kept about who wrote from an e-mail address. Backups keep it until they are overwritten."""

from django.core.management.base import BaseCommand

from portal.inquiries import people


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--email", required=True)

    def handle(self, *, email, **options):
        for name, keeper in people.KEEPERS.items():
            self.stdout.write(f"{keeper.erase(email)} {name} erased.")
