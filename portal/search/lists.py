"""Words in the filters of lists find what the search finds."""

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models.expressions import RawSQL

from .finding import by_index
from .models import IndexText


def saying(words: str) -> RawSQL | list[int]:
    """The keys of the versions that say the words, for `pk__in`. Spelt out: its tables have no aliases to put in."""
    try:
        sql, params = IndexText.objects.saying(words).order_by().values("version").query.sql_with_params()
    except EmptyResultSet:
        return []
    return found(sql, params) if connection.vendor == "postgresql" else RawSQL(sql, params)  # noqa: S611  # our own


def found(sql: str, params: tuple) -> RawSQL:
    """Asked now, for a list asks more than once. The keys stay the text of an array: there may be very many."""
    with by_index(), connection.cursor() as cursor:
        cursor.execute(f"SELECT array_agg(version)::text FROM ({sql}) AS found", params)  # noqa: S608  # the index's own
        keys = cursor.fetchone()[0] or "{}"
    return RawSQL("SELECT unnest(%s::bigint[])", [keys])
