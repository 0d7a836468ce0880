"""The median in SQL: PostgreSQL computes it; on SQLite, which cannot, the values come as one list."""

import json
from statistics import median
from typing import Any

from django.db.models import Aggregate, FloatField


class Median(Aggregate):
    """The middle value; None when there is none. May be filtered."""

    template = "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **said: Any) -> Any:
        return super().as_sql(compiler, connection, template="JSON_GROUP_ARRAY(%(expressions)s)", **said)

    def convert_value(self, value: Any, expression: Any, connection: Any) -> float | None:
        if isinstance(value, str):
            known = [one for one in json.loads(value) if one is not None]
            return float(median(known)) if known else None
        return value
