"""Write the search index anew, after names or the rules of words have changed."""

from itertools import islice

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from portal.publishing.models import Version
from portal.search.models import IndexName, IndexText, IndexWord, readable

BATCH = 500


class Command(BaseCommand):
    help = "Index every approved version again."

    @transaction.atomic
    def handle(self, *args, **options):
        IndexWord.objects.all().delete()
        IndexName.objects.all().delete()
        count = 0
        for kind in Version.kinds().values():
            versions = readable(kind).filter(state="approved").order_by("pk").iterator(chunk_size=BATCH)
            while batch := list(islice(versions, BATCH)):
                IndexText.write_all(batch)
                count += len(batch)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE search_indextext")
        self.stdout.write(f"{count} versions indexed.")
