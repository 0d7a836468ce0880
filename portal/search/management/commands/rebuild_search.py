"""Write the search index anew, after names or the rules of words have changed."""

from itertools import islice

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from portal.publishing.models import Version
from portal.search.asking import MARK
from portal.search.models import IndexName, IndexText, IndexWord, readable

BATCH = 500


class Command(BaseCommand):
    help = "Index every approved version again."

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-stale", action="store_true", help="only when some version is not indexed as it is now"
        )

    @transaction.atomic
    def handle(self, *args, **options):
        if options["if_stale"] and not is_stale():
            return
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


def is_stale() -> bool:
    """Whether an approved version has no row, or one from before rows were marked as they are now."""
    indexed = IndexText.objects.filter(tags__contains=f" {MARK}city").values("version")
    return Version.objects.filter(state="approved").exclude(pk__in=indexed).exists()
