"""Mails about what waits for somebody, written in the transaction of the step: one a person, in the own language."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portal.cities.models import Membership, User
from portal.inquiries import mail
from portal.publishing.comments import AFTER_COMMENT
from portal.publishing.models import Comment, Version
from portal.publishing.workflow import AFTER_STEP

Role = Membership.Role
State = Version.State


class Notice(NamedTuple):
    """Whom a step concerns and what they are told. `page` is where they then go."""

    people: Callable[[Version], Any]
    subject: Any
    said: Any
    page: str


def holders(role: str) -> Callable[[Version], Any]:
    """Who holds the role in the version's city and wrote no word of it: they decide next."""

    def people(version: Version) -> Any:
        held = Membership.objects.filter(city=version.entry.city_id, role=role)
        return User.objects.filter(pk__in=held.values("user")).exclude(pk__in=hands(version, "wrote", "reviewed"))

    return people


def writers(version: Version) -> Any:
    return User.objects.filter(pk__in=[*hands(version, "wrote"), version.created_by_id])


def hands(version: Version, *did: str) -> Any:
    return version.hands.filter(did__in=did).values_list("user", flat=True)


SUBMITTED = Notice(
    holders(Role.REVIEWER),
    _("Waiting for your review: %(title)s"),
    _("A colleague has submitted this page. Read what changed, then approve it or send it back."),
    "staff-review",
)
REVIEWED = Notice(
    holders(Role.LEADER),
    _("Waiting for your sign-off: %(title)s"),
    _("A reviewer has approved this page. It becomes public when you sign it off."),
    "staff-review",
)
SENT_BACK = Notice(
    writers, _("Sent back to you: %(title)s"), _("Your page was sent back, with this reason:"), "staff-version"
)
APPROVED = Notice(writers, _("Approved: %(title)s"), _("Your page was approved."), "staff-version")
COMMENTED = Notice(writers, _("New remark on %(title)s"), _("A colleague remarked on your page:"), "staff-version")

#: By the step taken and the state it led to.
NOTICES = {
    ("submit", State.IN_REVIEW): SUBMITTED,
    ("approve", State.REVIEWED): REVIEWED,
    ("send_back", State.DRAFT): SENT_BACK,
    ("approve", State.APPROVED): APPROVED,
    ("sign_off", State.APPROVED): APPROVED,
}


def tell(step: str, version: Version, by: User, reason: str) -> None:
    if notice := NOTICES.get((step, version.state)):
        write(notice, version, by, reason)


def write(notice: Notice, version: Version, by: User, reason: str) -> None:
    """One mail a mailbox, to those who want them and did not do it themselves."""
    concerned = notice.people(version).exclude(pk=by.pk).filter(is_active=True, mail_notices=True).exclude(email="")
    for user in {user.email.lower(): user for user in concerned}.values():
        with override(user.language or settings.LANGUAGE_CODE):
            link = reverse(notice.page, args=[version.pk])
        mail.to_colleague(
            user,
            subject=notice.subject,
            template="emails/version_notice.txt",
            context={
                "title": version.title,
                "city": version.entry.city,
                "by": by,
                "said": notice.said,
                "reason": reason if notice in (SENT_BACK, COMMENTED) else "",
                "link": link,
            },
        )


def tell_of_comment(comment: Comment, version: Version) -> None:
    write(COMMENTED, version, comment.by, comment.text)


AFTER_STEP.append(tell)
AFTER_COMMENT.append(tell_of_comment)


@contextmanager
def silence() -> Iterator[None]:
    """For loading what nobody waits for."""
    AFTER_STEP.remove(tell)
    try:
        yield
    finally:
        AFTER_STEP.append(tell)
