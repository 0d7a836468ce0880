"""The review of a version: what it says differently, what is doubted and remarked, and the buttons to decide."""

from functools import cached_property
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.facts.doubts import doubts
from portal.publishing import permissions
from portal.publishing.clock import database_now
from portal.publishing.comments import comment, settle
from portal.publishing.difference import difference
from portal.publishing.models import IN_WORK, Version

from .access import VersionPage, version_crumbs
from .comments import CommentForm, comments_by_section, section_names
from .doubts import urgency
from .sections import standing
from .versions import Overview, TakeStep, offered


def basis_of(version, now):
    """What a version is compared with unless one asks for another: the public one, else the last that was."""
    public = Version.objects.filter(entry=version.entry_id, state="approved", number__lt=version.number)
    public = public.exclude(live_until=F("live_from")).order_by("-number")
    if version.state != Version.State.APPROVED and (live := public.live(now).first()):
        return live
    return public.first()


class Remarked(NamedTuple):
    """A section of the page: what changed in it, if anything, what is doubted there and what was said of it."""

    word: str
    name: str
    change: Any
    doubts: list
    comments: list
    form: CommentForm | None


class Review(Overview):
    """A version against the public one, or against an earlier one that is asked for (?against=3)."""

    template_name = "staff/review.html"

    @cached_property
    def earlier(self):
        found = self.versions.filter(entry=self.version.entry_id, number__lt=self.version.number)
        return list(found.order_by("-number"))

    @cached_property
    def basis(self):
        asked = self.request.GET.get("against")
        if not asked:
            found = basis_of(self.version, database_now())
            return next((version for version in self.earlier if found and version.pk == found.pk), None)
        found = next((version for version in self.earlier if str(version.number) == asked), None)
        if not found:
            raise Http404
        return found

    def overview(self, status=200, forms=None, refused=None, commented=None):
        version, now, user = self.version, database_now(), self.request.user
        for each in (version, *self.earlier):
            each.standing, each.tone = standing(each, now)
        loaded = type(version).objects.with_parts().in_bulk([each.pk for each in (version, self.basis) if each])
        old, new = loaded.get(self.basis and self.basis.pk), loaded[version.pk]
        doubted = sorted(doubts(new), key=urgency) if version.state in IN_WORK else []
        comments, found = comments_by_section(version), difference(old, new)
        remarked = self.remarked(found, doubted, comments, commented)
        shown = {each.word for each in remarked}
        return self.show(
            status,
            version=version,
            basis=self.basis,
            earlier=self.earlier,
            found=found,
            remarked=remarked,
            other_doubts=[doubt for doubt in doubted if doubt.section not in shown],
            any_form=self.comment_form(None, commented),
            open_comments=version.state in IN_WORK
            and sum(not said.settled for told in comments.values() for said in told),
            steps=[(step, (forms or {}).get(step.name) or form) for step, form in offered(version, user, now)],
            step_url="staff-review-step",
            another_approves=self.another_approves(),
            signs_off=version.city.sign_off,
            refused=refused,
            hands=version.hands.select_related("user").order_by("pk"),
            reason=self.sent_back_because(),
        )

    def remarked(self, found, doubted, comments, commented):
        """What changed, in its order, then what was only remarked on."""
        names = section_names(type(self.version))
        changes = {section.word: section for section in found.sections}
        words = [*changes, *(word for word in comments if word not in changes)]
        return [
            Remarked(
                word, names.get(word, word), changes.get(word), [each for each in doubted if each.section == word],
                comments.get(word, []), self.comment_form(word, commented),
            )
            for word in words
        ]  # fmt: skip

    def comment_form(self, word, commented):
        """The one that was sent and refused, in its place; else an empty one. None once nothing can be added."""
        if self.version.state not in IN_WORK or not permissions.can_comment(self.request.user, self.version):
            return None
        if commented and commented.data.get("place", "") == (word or ""):
            return commented
        return CommentForm(names=section_names(type(self.version)), section=word)

    def breadcrumbs(self):
        return version_crumbs(self.version, {"label": _("Review")})


class ReviewStep(Review, TakeStep):
    """A button of the workflow pressed on the review; what is refused is said there."""


class CommentAdd(Review):
    """Posted from the review, or from any page that shows a version's comments."""

    http_method_names = ["post"]
    asks = staticmethod(permissions.can_comment)

    def post(self, request, pk):
        place = request.POST.get("place") or None
        form = CommentForm(request.POST, names=section_names(type(self.version)), section=place)
        if not form.is_valid():
            return self.overview(status=422, commented=form)
        try:
            comment(self.version, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            self.__dict__.pop("version", None)
            messages.error(request, " ".join(refused.messages))
            return self.overview(status=409)
        return redirect(f"{reverse('staff-review', args=[pk])}#section-{form.cleaned_data['section']}")


class CommentSettle(VersionPage):
    """Says that a comment is dealt with, or opens it again; back to the page on which that was said."""

    http_method_names = ["post"]
    asks = staticmethod(permissions.can_comment)

    def post(self, request, pk, row):
        said = get_object_or_404(self.version.comments.select_related("version"), pk=row)
        try:
            settle(said, by=request.user, settled="settled" in request.POST)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        page = "staff-version" if request.POST.get("page") == "version" else "staff-review"
        return redirect(f"{reverse(page, args=[pk])}#comment-{said.pk}")
