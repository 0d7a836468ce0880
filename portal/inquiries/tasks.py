"""The jobs of inquiries. A message carries nothing: which mail is due, its row says."""

from celery import shared_task

from . import mail, people


@shared_task(name="inquiries.send_mails", expires=60)
def send_mails() -> None:
    """Beat sends it too, for what was never asked for or left half-done."""
    mail.send_due()


@shared_task(name="inquiries.erase_old", expires=600)
def erase_old() -> None:
    people.erase_old()
    mail.forget_old()
