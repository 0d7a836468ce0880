"""What colleagues remark on a version in work. The version's words stay as they are; the trail says who said what."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from . import permissions
from .clock import database_now
from .models import IN_WORK, Comment, Event, Version
from .workflow import Refused, lock

#: Called with each new comment and its version, in the same transaction.
AFTER_COMMENT: list[Callable[[Comment, Version], None]] = []


@transaction.atomic
def comment(version: Version, *, section: str, text: str, by: Any) -> Comment:
    """Remark on a section: the accessor of a kind of part, or "main"."""
    current = in_work(version, by)
    now = database_now()
    said = Comment.objects.create(version_id=current.pk, section=section, text=text, by=by, at=now)
    for tell in AFTER_COMMENT:
        tell(said, current)
    record("comment", said, current, by=by)
    return said


@transaction.atomic
def settle(said: Comment, *, by: Any, settled: bool = True) -> Comment:
    """Say that it is dealt with, or that it is not. A second click changes nothing."""
    current = in_work(said.version, by)
    said.refresh_from_db()
    if said.settled != settled:
        said.settled_by = by if settled else None
        said.save(update_fields=["settled_by"])
        record("settle" if settled else "reopen", said, current, by=by)
    return said


def in_work(version: Version, by: Any) -> Version:
    """Locked and fresh."""
    current = lock(version.entry_id).select_related("entry__city").get(pk=version.pk)
    if not permissions.can_comment(by, current):
        raise PermissionDenied(_("You may not comment on this."))
    if current.state not in IN_WORK:
        raise Refused(_("This version is %(state)s now.") % {"state": current.get_state_display()})
    return current


def record(action: str, said: Comment, version: Version, *, by: Any) -> None:
    detail = {"comment": said.pk, "section": said.section}
    Event.record(action, version.entry, by=by, at=database_now(), number=version.number, detail=detail)
