"""The job of briefs. A message carries nothing: which brief is due, its row says."""

from celery import shared_task

from portal.lib.jobs import send

from . import making


@shared_task(name="briefs.make")
def make() -> None:
    """Makes the brief that is due, if one is. Beat sends it too, for what was never sent or left half-made."""
    if making.make_next():
        send(make.name)
