"""Questions put to the database as it answers them well."""

from django.db.models import QuerySet, Subquery, Value
from django.db.models.functions import Coalesce


def any_of(rows: QuerySet) -> Coalesce:
    """Whether there are such rows. Not Exists: PostgreSQL would read all there are to answer it for a page of rows."""
    return Coalesce(Subquery(rows.order_by().annotate(yes=Value(True)).values("yes")[:1]), Value(False))
