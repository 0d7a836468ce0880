"""The jobs of the workspace. A message carries nothing: which import is due, its row says."""

from celery import shared_task

from portal.lib.jobs import send

from . import importing


@shared_task(name="staff.imports", time_limit=280, soft_time_limit=270)
def imports() -> None:
    """Does the import that is due, if one is. Beat sends it too, for what was never sent or left half-done."""
    if importing.do_next():
        send(imports.name)


@shared_task(name="staff.clear_imports", expires=3600)
def clear_imports() -> None:
    importing.clear_old()
