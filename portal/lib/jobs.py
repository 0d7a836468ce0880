"""A job is a row: written in the transaction that asks for it, done by whoever claims it, found again by a sweeper.

The queue only says "look now". It may be late, double or down; the row is the truth.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from celery import current_app
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)
FARTHEST = 20  # jobs one turn looks at: those before are other workers', and there is another turn


class State(models.TextChoices):
    QUEUED = "queued", _("waiting")
    WORKING = "working", _("in work")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class JobQuerySet(models.QuerySet["Job"]):
    def due(self, now: datetime) -> Self:
        """Those whose time has come, and those whose worker died: it claimed them and its lease ran out."""
        return self.filter(Q(state=State.QUEUED, next_try__lte=now) | Q(state=State.WORKING, lease_until__lte=now))

    def claim(self, pk: Any, now: datetime) -> "Job | None":
        """The job, the caller's alone until its lease ends; None when it is not due or another was faster."""
        lease_until = now + self.model.lease
        if not self.due(now).filter(pk=pk).update(state=State.WORKING, lease_until=lease_until, tries=F("tries") + 1):
            return None
        job = self.get(pk=pk)
        if job.tries > job.most_tries:  # whoever tried before died of it, and so could not say so
            job.note(state=State.FAILED, error="given up: its worker ended each time")
            return None
        return job

    def claim_next(self, now: datetime) -> Any:
        """The one that has waited longest, as `claim` gives it; None when nothing due is to be had."""
        waiting = self.due(now).order_by("next_try", "pk").values_list("pk", flat=True)[:FARTHEST]
        return next(filter(None, (self.claim(pk, now) for pk in waiting)), None)


class Job(models.Model):
    """What a row needs to be work for a worker. `tries` also tells whose claim it is: a late worker's word is void."""

    lease: ClassVar[timedelta] = timedelta(seconds=90)  # longer than a task may run
    most_tries: ClassVar[int] = 3
    first_pause: ClassVar[timedelta] = timedelta(seconds=10)
    longest_pause: ClassVar[timedelta] = timedelta(hours=1)

    state = models.CharField(max_length=7, choices=State, default=State.QUEUED, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    next_try = models.DateTimeField(editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    error = models.CharField(max_length=500, blank=True, editable=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes = [
            models.Index(
                fields=["next_try"], condition=Q(state__in=["queued", "working"]), name="%(app_label)s_%(class)s_due"
            )
        ]

    def note(self, **fields: Any) -> bool:
        """Write down how it went. False, and nothing written, when the claim has passed to another worker."""
        mine = type(self)._base_manager.filter(pk=self.pk, state=State.WORKING, tries=self.tries)
        return bool(mine.update(**fields))

    def finish(self, **fields: Any) -> bool:
        return self.note(state=State.DONE, error="", **fields)

    def fail(self, error: str, now: datetime, *, for_good: bool = False) -> bool:
        """Try again after a pause that doubles each time; no more when it is `for_good` or was tried often enough."""
        if for_good or self.tries >= self.most_tries:
            return self.note(state=State.FAILED, error=error[:500])
        return self.note(state=State.QUEUED, error=error[:500], next_try=now + self.pause())

    def pause(self) -> timedelta:
        return min(self.first_pause * 2 ** min(self.tries - 1, 20), self.longest_pause)


# One thread for all that a process asks for: a queue that does not answer must not keep a reader waiting.
_waker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="wake")


def wake(task: str) -> None:
    """Have a worker look for what is due, once the transaction is committed."""
    transaction.on_commit(lambda: _waker.submit(send, task))


def send(task: str) -> None:
    """Ask for the task by its name. When no queue takes it, the sweeper finds the row."""
    try:
        current_app.send_task(task, expires=60)
    except Exception as error:
        logger.warning("%s was not asked for, the sweeper will: %s", task, type(error).__name__)
