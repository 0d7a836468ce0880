"""The guests of a ceremony: their order beside the one that protocol proposes, and a row to add the next."""

from portal.publishing import permissions
from portal.publishing.models import Version
from projects.protocol import proposal

from .editing import PartPage
from .forms import section_form
from .sections import described, rows_of

QUICK = ("name", "position", "body", "side", "source")


class Guests(PartPage):
    template_name = "staff/guests.html"

    def get(self, request, **kwargs):
        version = self.version
        guests = described(rows_of(self.model, version), user=request.user, version=version)
        found = proposal(guests, version.city)
        can_edit = version.state == Version.State.DRAFT and permissions.can_edit(request.user, version)
        return self.show(
            version=version,
            part=kwargs["part"],
            heading=self.heading(),
            guests=found,
            off=sum(row.is_off for row in found),
            proposed=",".join(str(row.guest.pk) for row in sorted(found, key=lambda row: row.proposed)),
            can_edit=can_edit,
            can_order=len(found) > 1,
            quick=self.quick(guests) if can_edit else None,
        )

    def quick(self, guests):
        """The fields of the next guest that fit in a row; the ceremony's source and the last guest's side are set."""
        version = self.version
        initial = {"seen": version.edits, "source": version.source_id}
        if guests:
            initial["side"] = guests[-1].side
        made = section_form(self.model)(
            initial=initial, instance=self.model(version_id=version.pk), user=self.request.user,
            city=version.city, version=version,
        )  # fmt: skip
        return [field for field in made if field.name in QUICK or field.is_hidden]

    def heading(self):
        return self.model._meta.verbose_name_plural

    def breadcrumbs(self):
        return super().breadcrumbs()[:-1]
