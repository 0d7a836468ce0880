"""Questions put to the database as it answers them well."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import QuerySet, Subquery, Value
from django.db.models.functions import Coalesce


def any_of(rows: QuerySet) -> Coalesce:
    """Whether there are such rows. Not Exists: PostgreSQL would read all there are to answer it for a page of rows."""
    return Coalesce(Subquery(rows.order_by().annotate(yes=Value(True)).values("yes")[:1]), Value(False))


@contextmanager
def by_index(asked: bool = True) -> Iterator[None]:
    """Has PostgreSQL answer from its indexes: it does not know what reading the words of every row would cost.

    `asked`: whether words are asked for at all.
    """
    if not asked or connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL max_parallel_workers_per_gather = 0")
        yield
