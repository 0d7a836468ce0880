"""What a search is narrowed by and what is shown of a hit; the names that versions name."""

import django.db.models.deletion
from django.db import migrations, models

import portal.lib.text

# So that rows are found by kind at once; `manage.py rebuild_search` writes the rest.
FOUND_UNTIL_REBUILT = (
    "UPDATE search_indextext SET (kind, city_id, tags) = (SELECT e.kind, e.city_id, 'ƿkind' || e.kind || ' ' "
    "FROM publishing_version v JOIN publishing_entry e ON e.id = v.entry_id WHERE v.id = search_indextext.version_id)"
)
TRIGGERS = ("insert", "delete", "update")
COLUMNS = {False: "title, body", True: "title, body, tags"}


def valued(row, tagged):
    return ", ".join(f"{row}.{column}" for column in COLUMNS[tagged].split(", "))


def on_sqlite(tagged):
    columns = COLUMNS[tagged]
    added = f"INSERT INTO search_fts(rowid, {columns}) VALUES (new.version_id, {valued('new', tagged)});"
    gone = (
        f"INSERT INTO search_fts(search_fts, rowid, {columns}) "
        f"VALUES ('delete', old.version_id, {valued('old', tagged)});"
    )
    return [
        *(f"DROP TRIGGER IF EXISTS search_fts_{name}" for name in TRIGGERS),
        "DROP TABLE search_fts",
        f"CREATE VIRTUAL TABLE search_fts USING fts5({columns}, content='search_indextext', content_rowid='version_id')",
        "INSERT INTO search_fts(search_fts) VALUES ('rebuild')",
        f"CREATE TRIGGER search_fts_insert AFTER INSERT ON search_indextext BEGIN {added} END",
        f"CREATE TRIGGER search_fts_delete AFTER DELETE ON search_indextext BEGIN {gone} END",
        f"CREATE TRIGGER search_fts_update AFTER UPDATE ON search_indextext BEGIN {gone} {added} END",
    ]


def on_postgresql(tagged):
    weighted = "setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', body), 'D')"
    weighted += " || setweight(to_tsvector('simple', tags), 'B')" if tagged else ""
    return [
        "ALTER TABLE search_indextext DROP COLUMN words",
        f"ALTER TABLE search_indextext ADD COLUMN words tsvector GENERATED ALWAYS AS ({weighted}) STORED",
        "CREATE INDEX search_indextext_words ON search_indextext USING gin (words)",
    ]


def remake(tagged):
    def run(apps, schema_editor):
        statements = {"postgresql": on_postgresql, "sqlite": on_sqlite}[schema_editor.connection.vendor]
        if tagged:
            schema_editor.execute(FOUND_UNTIL_REBUILT)
        for statement in statements(tagged):
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [
        ("cities", "0001_initial"),
        ("search", "0002_full_text"),
    ]

    operations = [
        migrations.CreateModel(
            name="IndexName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("key", models.PositiveBigIntegerField()),
                ("slug", models.CharField(max_length=80)),
                ("name", portal.lib.text.TranslatedField(default=portal.lib.text.Text, max_length=None)),
                ("words", models.TextField()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("kind", "key"), name="indexname_once")]},
        ),
        *(
            migrations.AddField("indextext", name, field)
            for name, field in {
                "kind": models.CharField(default="", max_length=20),
                "city": models.ForeignKey(
                    db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+",
                    to="cities.city",
                ),
                "chains": models.CharField(default="", max_length=200),
                "tags": models.TextField(default=""),
                "said": models.JSONField(default=list),
            }.items()
        ),
        migrations.RunPython(remake(tagged=True), remake(tagged=False)),
    ]  # fmt: skip
