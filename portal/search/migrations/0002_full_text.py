"""The database's own full-text index over what portal.search.models.IndexText holds."""

from django.db import migrations

STATEMENTS = {
    "postgresql": [
        # Kept beside the text, so that ranking reads it instead of taking the text apart again.
        "ALTER TABLE search_indextext ADD COLUMN words tsvector GENERATED ALWAYS AS ("
        "setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', body), 'D')) STORED",
        "CREATE INDEX search_indextext_words ON search_indextext USING gin (words)",
    ],
    "sqlite": [
        "CREATE VIRTUAL TABLE search_fts USING fts5(title, body, content='search_indextext', content_rowid='version_id')",
        "CREATE TRIGGER search_fts_insert AFTER INSERT ON search_indextext BEGIN "
        "INSERT INTO search_fts(rowid, title, body) VALUES (new.version_id, new.title, new.body); END",
        "CREATE TRIGGER search_fts_delete AFTER DELETE ON search_indextext BEGIN "
        "INSERT INTO search_fts(search_fts, rowid, title, body) "
        "VALUES ('delete', old.version_id, old.title, old.body); END",
        "CREATE TRIGGER search_fts_update AFTER UPDATE ON search_indextext BEGIN "
        "INSERT INTO search_fts(search_fts, rowid, title, body) "
        "VALUES ('delete', old.version_id, old.title, old.body); "
        "INSERT INTO search_fts(rowid, title, body) VALUES (new.version_id, new.title, new.body); END",
    ],
}


def make_index(apps, schema_editor):
    for statement in STATEMENTS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in ("insert", "delete", "update"):
            schema_editor.execute(f"DROP TRIGGER search_fts_{name}")
        schema_editor.execute("DROP TABLE search_fts")
    else:
        schema_editor.execute("ALTER TABLE search_indextext DROP COLUMN words")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(make_index, drop_index)]
