"""Words in the filters of lists find what the search finds."""

from django.core.exceptions import EmptyResultSet
from django.db.models.expressions import RawSQL

from .models import IndexText


def saying(words: str) -> RawSQL | list[int]:
    """The keys of the versions that say the words, for `pk__in`. Spelt out: its tables have no aliases to put in."""
    try:
        sql, params = IndexText.objects.saying(words).order_by().values("version").query.sql_with_params()
    except EmptyResultSet:
        return []
    return RawSQL(sql, params)  # noqa: S611  # the index's own query; the words are its parameters
