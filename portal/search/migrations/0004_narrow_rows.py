"""PostgreSQL keeps all that is long beside the rows: a question of which half of them tell reads few pages of keys.

Rows written before stay as they are until `manage.py rebuild_search`.
"""

from django.db import migrations

NARROW = "ALTER TABLE search_indextext SET (toast_tuple_target = 128)"
WIDE = "ALTER TABLE search_indextext RESET (toast_tuple_target)"


def store(how):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(how)

    return run


class Migration(migrations.Migration):
    dependencies = [("search", "0003_marks_and_names")]
    operations = [migrations.RunPython(store(NARROW), store(WIDE))]
