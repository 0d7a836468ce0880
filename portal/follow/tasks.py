"""The jobs of following. A message carries nothing: whose morning has come, the rows say."""

from celery import shared_task

from . import following


@shared_task(name=following.TASK, expires=300)
def tell() -> None:
    following.tell_due()


@shared_task(name="follow.forget", expires=3600)
def forget() -> None:
    following.forget_unconfirmed()
