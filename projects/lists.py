"""The public lists of projects and ceremonies, and their files."""

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from portal.publishing.lists import Column, FilteredList, address, titles

from .filters import CeremonyFilter, ProjectFilter
from .models import CeremonyRecord, ProjectListing, ProjectParty, investments
from .timeline import by_year


class ProjectList(FilteredList):
    model = ProjectListing
    filter_class = ProjectFilter
    template_name = "projects/project_list.html"
    title = gettext_lazy("Projects")
    lede = gettext_lazy("What was signed, begun and built: each with the stage it is known to have reached.")

    def versions(self):
        rows = super().versions().with_stage().select_related("industry", "link")
        return rows.prefetch_related(
            "stage_events",
            Prefetch("figures", investments().select_related("metric", "source"), "investments"),
        )

    def in_file(self):
        return self.versions().prefetch_related(ProjectParty.prefetch())

    def columns(self):
        def figure(said):
            return lambda listing: said(listing.investments[0]) if listing.investments else None

        return [
            *titles(),
            Column(_("City"), lambda listing: listing.city.name),
            Column(_("Industry"), lambda listing: listing.industry),
            Column(_("Place in the value chain"), lambda listing: listing.link),
            Column(pgettext("of a project", "Stage"), lambda listing: listing.stage_words),
            Column(_("Since"), lambda listing: listing.stage_event and listing.stage_event.when.words),
            Column(_("Total investment"), figure(lambda found: found.value_min)),
            Column(_("Currency"), figure(lambda found: found.unit)),
            Column(_("Basis"), figure(basis)),
            Column(_("Cooperation"), lambda listing: listing.get_cooperation_display()),
            Column(_("Parties"), lambda listing: "; ".join(party.words for party in listing.parties.all())),
            Column(_("Products"), lambda listing: listing.products),
            Column(_("Site"), lambda listing: listing.site),
            Column(_("Source"), figure(lambda found: found.source)),
            Column(_("Address"), address),
        ]


def basis(figure):
    return " ".join(filter(None, [figure.get_basis_display(), figure.qualifier_words]))


class ProjectDownload(ProjectList):
    """The file at the address it always had."""

    def turned_to(self, _number):
        return self.file("csv")


class CeremonyList(FilteredList):
    model = CeremonyRecord
    filter_class = CeremonyFilter
    template_name = "projects/ceremony_list.html"
    title = gettext_lazy("Ceremonies")
    lede = gettext_lazy("Signings, groundbreakings and meetings, and what became of the projects since.")

    def grouped(self, versions):
        return by_year(versions) if self.view == "cards" else versions

    def columns(self):
        return [
            *titles(),
            Column(_("City"), lambda record: record.city.name),
            Column(pgettext("of a ceremony", "Type"), lambda record: record.get_type_display()),
            Column(_("Date"), lambda record: record.when.words),
            Column(_("Place"), lambda record: record.place),
            Column(_("Host"), lambda record: record.host),
            Column(_("Projects declared"), lambda record: record.declared_count),
            Column(_("Address"), address),
        ]
