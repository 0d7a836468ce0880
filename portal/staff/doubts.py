"""The doubts of a version: what raised them, where to mend them, and why they stand."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.facts.doubts import MAIN, answer, doubts, doubts_in
from portal.facts.models import DoubtAnswer
from portal.publishing import permissions
from portal.publishing.models import Version
from portal.publishing.workflow import editing

from .access import VersionPage, version_crumbs
from .sections import sections


class AnswerForm(forms.ModelForm):
    """Why a doubt stands. The doubt is named by its code and by the digest of what raised it."""

    class Meta:
        model = DoubtAnswer
        fields = ["reason"]


class DoubtsPage(VersionPage):
    template_name = "staff/doubt_page.html"

    def get(self, request, pk):
        return self.page()

    def page(self, status=200, **context):
        version = type(self.version).objects.with_parts().get(pk=self.version.pk)
        found = doubts(version)
        can_edit = version.state == Version.State.DRAFT and permissions.can_edit(self.request.user, version)
        names = {MAIN: _("Main facts")} | {
            word: part._meta.verbose_name_plural for word, part in sections(type(version)).items()
        }
        groups = [(names[word], [doubt for doubt in found if doubt.section == word]) for word in names]
        context |= {
            "version": version,
            "groups": [(name, sorted(rows, key=urgency)) for name, rows in groups if rows],
            "open": sum(doubt.is_open for doubt in found),
            "can_edit": can_edit,
        }
        return self.show(status, **context)

    def breadcrumbs(self):
        return version_crumbs(self.version, {"label": _("Doubts")})


def urgency(doubt):
    """Unanswered before answered, serious before others."""
    return doubt.answer is not None, not doubt.serious


class Answering(DoubtsPage):
    """A button beside a doubt. The doubt may have been mended meanwhile: then nothing is left to answer."""

    asks = staticmethod(permissions.can_edit)
    http_method_names = ["post"]

    def post(self, request, pk):
        if self.version.state != Version.State.DRAFT:
            messages.error(request, _("Only a draft can be edited."))
            return redirect("staff-doubts", pk)
        asked = request.POST.get("code", ""), request.POST.get("key", "")
        doubt = next((doubt for doubt in doubts_in(self.version) if (doubt.code, doubt.key) == asked), None)
        if not doubt:
            messages.info(request, _("What was doubted there has changed meanwhile. Look again."))
            return redirect("staff-doubts", pk)
        return self.act(doubt)

    def edit(self, doubt, change):
        """`change(draft)` through the one door, and back to the doubt."""
        try:
            with editing(self.version, by=self.request.user) as draft:
                change(draft)
        except ValidationError as refused:
            messages.error(self.request, " ".join(refused.messages))
        return redirect(f"{reverse('staff-doubts', args=[self.version.pk])}#doubt-{doubt.key}")


class DoubtAnswerSave(Answering):
    def act(self, doubt):
        form = AnswerForm(self.request.POST)
        if not form.is_valid():
            return self.page(status=422, refused=doubt.key, reason_form=form)
        reason = form.cleaned_data["reason"]
        return self.edit(doubt, lambda draft: answer(draft, doubt, reason=reason, by=self.request.user))


class DoubtAnswerWithdraw(Answering):
    def act(self, doubt):
        given = DoubtAnswer.objects.filter(version=self.version.pk, code=doubt.code, key=doubt.key)
        return self.edit(doubt, lambda draft: given.delete())
