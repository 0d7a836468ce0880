"""PostgreSQL keeps the words of a row in the row, and moves what is only shown out of it: ranking reads the words."""

from django.db import migrations


def store(how):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE search_indextext ALTER COLUMN words SET STORAGE {how}")

    return run


class Migration(migrations.Migration):
    dependencies = [("search", "0003_marks_and_names")]
    operations = [migrations.RunPython(store("MAIN"), store("EXTENDED"))]
