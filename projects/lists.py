"""The public lists of projects and ceremonies, and their files."""

from itertools import groupby

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from portal.lib.templatetags.ui import grouped
from portal.lib.text import bracketed
from portal.publishing.lists import Column, FilteredList, address, titles

from .filters import CeremonyFilter, ProjectFilter
from .models import CeremonyRecord, ProjectListing, ProjectParty, investments


class ProjectList(FilteredList):
    model = ProjectListing
    filter_class = ProjectFilter
    template_name = "projects/project_list.html"
    title = gettext_lazy("Projects")
    lede = gettext_lazy("What was signed, begun and built: each with the stage it is known to have reached.")

    def versions(self):
        rows = super().versions().with_noted_stage().select_related("industry", "link")
        return rows.prefetch_related(
            "stage_events",
            Prefetch("figures", investments().select_related("metric", "source"), "investments"),
        )

    def how_many(self, count):
        return ngettext("%(count)s project", "%(count)s projects", count) % {"count": grouped(count)}

    def in_file(self):
        return self.versions().prefetch_related(ProjectParty.prefetch())

    def headings(self):
        def investment(listing):
            return pgettext("between names", ", ").join(
                f"{found.amount}{bracketed(found.get_basis_display())}" for found in listing.investments
            )

        return [*super().headings(), Column(_("Total investment"), investment, at="figures", is_number=True)]

    def columns(self):
        def figure(said):
            return lambda listing: said(listing.investments[0]) if listing.investments else None

        return [
            *titles(),
            Column(_("City"), lambda listing: listing.city.name, told=True),
            Column(_("Industry"), lambda listing: listing.industry, told=True),
            Column(_("Place in the value chain"), lambda listing: listing.link, told=True),
            Column(pgettext("of a project", "Stage"), lambda listing: listing.stage_words, told=True),
            Column(
                pgettext("of a stage", "Since"),
                lambda listing: listing.stage_event and listing.stage_event.when.words,
                told=True,
            ),
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
        return by_year(versions) if self.view == "cards" else super().grouped(versions)

    def how_many(self, count):
        return ngettext("%(count)s ceremony", "%(count)s ceremonies", count) % {"count": grouped(count)}

    def columns(self):
        return [
            *titles(),
            Column(_("City"), lambda record: record.city.name, told=True),
            Column(pgettext("of a ceremony", "Type"), lambda record: record.get_type_display(), told=True),
            Column(_("Date"), lambda record: record.when.words, told=True),
            Column(_("Place"), lambda record: record.place, told=True),
            Column(_("Host"), lambda record: record.host),
            Column(_("Projects declared"), lambda record: record.declared_count, told=True),
            Column(_("Address"), address),
        ]


def by_year(records):
    """Groups of ceremonies already in order, each under its year."""
    groups = groupby(records, key=lambda record: record.day.year if record.day else None)
    return [
        {"year": year, "label": str(year or _("Year not stated")), "records": list(found)} for year, found in groups
    ]
