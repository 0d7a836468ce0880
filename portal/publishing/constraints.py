"""Rules of the database that Django cannot say: no two live periods overlap; what is approved never changes."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.fields.ranges import RangeOperators
from django.db.models import F, Func, Q


class NoOverlap(ExclusionConstraint):
    """No two approved versions of an entry are public at once. PostgreSQL only; elsewhere the workflow's lock holds.

    The entry comes first: with the range first the index is far slower to build.
    """

    def __init__(self, *, name: str, **ignored) -> None:
        period = Func(F("live_from"), F("live_until"), function="tstzrange", output_field=DateTimeRangeField())
        super().__init__(
            name=name,
            expressions=[("entry", RangeOperators.EQUAL), (period, RangeOperators.OVERLAPS)],
            condition=Q(state="approved"),
        )

    def deconstruct(self):
        return f"{type(self).__module__}.{type(self).__qualname__}", (), {"name": self.name}

    def constraint_sql(self, model, schema_editor):
        return super().constraint_sql(model, schema_editor) if on_postgres(schema_editor) else None

    def create_sql(self, model, schema_editor):
        return super().create_sql(model, schema_editor) if on_postgres(schema_editor) else None

    def remove_sql(self, model, schema_editor):
        return super().remove_sql(model, schema_editor) if on_postgres(schema_editor) else None

    def check(self, model, connection):
        return []

    def validate(self, model, instance, exclude=None, using=None):
        """The workflow closes the older period in the same transaction; the database judges the result."""


def on_postgres(schema_editor) -> bool:
    return schema_editor.connection.vendor == "postgresql"


# An approved version may only have the end of its period moved, and only while that end has not passed. One that awaits
# sign-off may only take a step. The rows that hang on either may not change at all. Deleting is refused on PostgreSQL
# only: there a test's flush truncates, on SQLite it deletes row by row.

MOVED_BY_STEPS = ("state", "approved_by_id", "live_from", "live_until", "open_doubts")
SQLITE_OPEN_END = "OLD.live_until IS NULL OR OLD.live_until > strftime('%Y-%m-%d %H:%M:%f', 'now')"
POSTGRES_FUNCTIONS = """
CREATE OR REPLACE FUNCTION refuse_frozen_version() RETURNS trigger AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state = 'approved' THEN RAISE EXCEPTION 'an approved version is never deleted'; END IF;
    RETURN OLD;
  END IF;
  IF OLD.state = 'approved' AND (
       to_jsonb(NEW) - 'live_until' IS DISTINCT FROM to_jsonb(OLD) - 'live_until'
       OR (NEW.live_until IS DISTINCT FROM OLD.live_until AND OLD.live_until <= clock_timestamp()
           AND OLD.live_until <> OLD.live_from))
  THEN RAISE EXCEPTION 'an approved version never changes'; END IF;
  IF OLD.state = 'reviewed'
     AND to_jsonb(NEW) - '{STEPPED}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{STEPPED}'::text[]
  THEN RAISE EXCEPTION 'a version that awaits sign-off does not change'; END IF;
  RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE OR REPLACE FUNCTION refuse_frozen_row() RETURNS trigger AS $$
DECLARE said jsonb := to_jsonb(COALESCE(NEW, OLD));
BEGIN
  IF EXISTS (SELECT 1 FROM publishing_version WHERE state IN ('reviewed', 'approved')
             AND id IN ((said ->> TG_ARGV[0])::bigint, (to_jsonb(OLD) ->> TG_ARGV[0])::bigint))
  THEN RAISE EXCEPTION 'what hangs on an approved version never changes'; END IF;
  RETURN COALESCE(NEW, OLD);
END $$ LANGUAGE plpgsql;
""".replace("STEPPED", ",".join(MOVED_BY_STEPS))


def guard_statements(vendor: str, version_columns: list[str], tables: dict[str, str]) -> list[str]:
    """What (re)installs every guard. `tables` maps each guarded table to its column naming the version."""
    build = {"postgresql": postgres_guards, "sqlite": sqlite_guards}[vendor]
    return build(version_columns, tables)


def postgres_guards(version_columns: list[str], tables: dict[str, str]) -> list[str]:
    version = (
        "CREATE OR REPLACE TRIGGER frozen_version BEFORE UPDATE OR DELETE ON publishing_version "
        "FOR EACH ROW EXECUTE FUNCTION refuse_frozen_version()"
    )
    rows = [
        f"CREATE OR REPLACE TRIGGER frozen_row BEFORE INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION refuse_frozen_row('{column}')"
        for table, column in tables.items()
    ]
    return [POSTGRES_FUNCTIONS, version, *rows]


def sqlite_guards(version_columns: list[str], tables: dict[str, str]) -> list[str]:
    def changed(*may: str) -> str:
        return " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in version_columns if name not in may)

    statements = [
        "DROP TRIGGER IF EXISTS frozen_version",
        "CREATE TRIGGER frozen_version BEFORE UPDATE ON publishing_version WHEN OLD.state = 'approved' "
        f"AND ({changed('live_until')} "
        f"OR (NEW.live_until IS NOT OLD.live_until AND NOT ({SQLITE_OPEN_END}) AND OLD.live_until <> OLD.live_from)) "
        "BEGIN SELECT RAISE(ABORT, 'an approved version never changes'); END",
        "DROP TRIGGER IF EXISTS frozen_reviewed_version",
        "CREATE TRIGGER frozen_reviewed_version BEFORE UPDATE ON publishing_version "
        f"WHEN OLD.state = 'reviewed' AND ({changed(*MOVED_BY_STEPS)}) "
        "BEGIN SELECT RAISE(ABORT, 'a version that awaits sign-off does not change'); END",
    ]
    for table, column in tables.items():
        for verb, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("UPDATE", "NEW")):
            name = f"frozen_{table}_{verb}_{row}".lower()
            statements += [
                f"DROP TRIGGER IF EXISTS {name}",
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN EXISTS (SELECT 1 FROM publishing_version "
                f"WHERE id = {row}.{column} AND state IN ('reviewed', 'approved')) "
                "BEGIN SELECT RAISE(ABORT, 'what hangs on an approved version never changes'); END",
            ]
    return statements


def install_guards(using: str = "default") -> None:
    """Idempotent. Run after every `migrate`: SQLite drops a table's triggers when a migration remakes it."""
    from django.db import connections, transaction

    from .models import Part, Version

    connection = connections[using]
    columns = [str(field.column) for field in Version._meta.local_concrete_fields]
    kinds = {kind._meta.db_table: "version_ptr_id" for kind in Version.kinds().values()}
    parts = {part._meta.db_table: "version_id" for part in Part.all()}
    existing = set(connection.introspection.table_names())
    tables = {table: column for table, column in {**kinds, **parts}.items() if table in existing}
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for statement in guard_statements(connection.vendor, columns, tables):
            cursor.execute(statement)


def lift_guards(using: str = "default") -> None:
    """Before a migration on SQLite, which remakes tables: a trigger that names one meanwhile missing is an error."""
    from django.db import connections

    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'frozen_%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
