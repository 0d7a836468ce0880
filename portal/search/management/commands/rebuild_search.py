"""Write the search index anew, after names or the rules of words have changed."""

from django.core.management.base import BaseCommand
from django.db import transaction

from portal.publishing.models import Version
from portal.search.models import IndexText, IndexWord


class Command(BaseCommand):
    help = "Index every approved version again."

    @transaction.atomic
    def handle(self, *args, **options):
        IndexWord.objects.all().delete()
        count = 0
        for kind in Version.kinds().values():
            for version in kind.objects.filter(state="approved").with_entry().iterator(chunk_size=200):
                IndexText.write(version)
                count += 1
        self.stdout.write(f"{count} versions indexed.")
