"""The audit trail of a leader's cities: who did what, when and why; to read, to filter and to take away."""

import json
from functools import cached_property

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cities.models import City
from portal.lib import spreadsheets
from portal.publishing import permissions, workflow
from portal.publishing.models import Event

from .access import StaffPage, start_crumb

PER_PAGE = 50
ACTIONS = {
    "begin": _("Began"),
    "edit": _("Edited"),
    "comment": _("Commented"),
    "settle": _("Settled a comment"),
    "reopen": _("Opened a comment again"),
    "totp_activated": _("Set up one-time codes"),
    "totp_deactivated": _("Gave up one-time codes"),
    "webauthn_added": _("Added a passkey"),
    "webauthn_removed": _("Removed a passkey"),
    "recovery_codes_generated": _("Made recovery codes"),
    "password_changed": _("Changed the password"),
    "password_reset": _("Reset the password"),
    "invite": _("Invited"),
    "withdraw_invitation": _("Withdrew an invitation"),
    "join": _("Joined"),
    "roles": _("Changed roles"),
    "reset_factor": _("Reset a second factor"),
}
COLUMNS = {
    "at": _("When (UTC)"),
    "actor": _("Who"),
    "action": pgettext_lazy("somebody did", "What"),
    "city": _("City"),
    "subject": _("Of what"),
    "number": _("Version"),
    "reason": _("Reason"),
    "detail": _("Detail"),
    "digest": _("Digest"),
}


def did(action: str) -> str:
    """ "Approved", or the word itself when no page needs a better one."""
    step = workflow.STEPS.get(action)
    return str(step.label if step else ACTIONS.get(action, action))


class TrailFilter(forms.Form):
    city = forms.ModelChoiceField(City.objects.none(), required=False, label=_("City"), to_field_name="slug")
    who = forms.CharField(max_length=150, required=False, label=_("Who"))
    what = forms.CharField(max_length=160, required=False, label=_("Of what"))
    since = forms.DateField(required=False, label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args, cities, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["city"].queryset = cities

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The end is before the beginning."))
        return self.cleaned_data

    def of(self, events: QuerySet[Event]) -> QuerySet[Event]:
        said = self.cleaned_data
        asked = {
            "city": said["city"] and said["city"].slug,
            "actor__iexact": said["who"],
            "subject__icontains": said["what"],
            "at__date__gte": said["since"],
            "at__date__lte": said["until"],
        }
        return events.filter(**{name: value for name, value in asked.items() if value})


def as_recorded(event: Event) -> list:
    """Its cells exactly as its digest covers them, so that the file can be checked too."""
    said = {"at": event.at.isoformat(), "detail": json.dumps(event.detail, ensure_ascii=False, sort_keys=True)}
    return [said.get(name, getattr(event, name)) for name in COLUMNS]


class Trail(StaffPage):
    template_name = "staff/trail.html"

    @cached_property
    def offices(self) -> QuerySet[City]:
        return permissions.led_by(self.request.user)

    def get(self, request):
        if not self.offices.exists():
            raise Http404
        events = Event.objects.filter(city__in=self.offices.values("slug"))
        form = TrailFilter(request.GET or {}, cities=self.offices)
        found = form.of(events) if form.is_valid() else events.none()
        if chosen := spreadsheets.asked(request):
            return spreadsheets.file(chosen, "audit-trail", list(COLUMNS.values()), map(as_recorded, found.iterator()))
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        for event in page.object_list:
            event.did = did(event.action)
        return self.show(page_obj=page, form=form, status=200 if form.is_valid() else 400)

    def breadcrumbs(self):
        return [start_crumb(), {"label": _("Audit trail")}]
