"""The public lists of projects and ceremonies, and their files."""

from django.conf import settings
from django.db.models import Prefetch
from django.utils.translation import get_language_info, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from portal.lib.spreadsheets import csv_file
from portal.lib.text import language_codes
from portal.publishing.lists import FilteredList

from .filters import CeremonyFilter, ProjectFilter
from .models import CeremonyRecord, ProjectListing, ProjectParty, StageEvent, investments
from .timeline import by_year, in_time


class ProjectList(FilteredList):
    model = ProjectListing
    title = gettext_lazy("Projects")
    filter_class = ProjectFilter
    template_name = "projects/project_list.html"

    def get_queryset(self):
        return super().get_queryset().with_stage().with_investment()

    def shown(self, rows):
        return rows.select_related("industry", "link").prefetch_related(
            ProjectParty.prefetch(),
            StageEvent.prefetch(),
            Prefetch("figures", investments().select_related("metric", "source"), "investments"),
        )

    def get_context_data(self, **said):
        return super().get_context_data(sorts=self.filters.sorts(), csv_query=self.filters.address("page"), **said)


class ProjectDownload(ProjectList):
    """The same list as a file: the same filters, all pages."""

    def turned_to(self, _number):
        rows = self.shown(self.filters.rows())
        return csv_file("projects.csv", *as_table(rows))


class CeremonyList(FilteredList):
    model = CeremonyRecord
    title = gettext_lazy("Ceremonies")
    filter_class = CeremonyFilter
    template_name = "projects/ceremony_list.html"

    def arranged(self, rows):
        return [row.pk for row in reversed(in_time(rows.select_related(None).only("entry", "when")))]

    def shown(self, keys):
        rows = self.get_queryset().in_bulk(keys)
        return by_year(rows[key] for key in keys)


def as_table(listings):
    """Headings and rows of the file, in the reader's language; titles in both."""
    columns = [
        *(_("Title (%(language)s)") % {"language": get_language_info(code)["name_local"]} for code in language_codes()),
        _("City"),
        _("Industry"),
        _("Place in the value chain"),
        pgettext("of a project", "Stage"),
        _("Since"),
        _("Total investment"),
        _("Currency"),
        _("Basis"),
        _("Cooperation"),
        _("Parties"),
        _("Products"),
        _("Site"),
        _("Source"),
        _("Address"),
    ]
    return columns, [as_row(listing) for listing in listings]


def as_row(listing):
    figure = next(iter(listing.investments), None)
    event = listing.stage_event
    return [
        *(listing.title.get(code) for code in language_codes()),
        listing.city.name,
        listing.industry,
        listing.link,
        listing.stage_words,
        event and event.when.words,
        figure and f"{figure.value_min.normalize():f}",
        figure and figure.unit,
        figure and " ".join(filter(None, [figure.get_basis_display(), figure.qualifier_words])),
        listing.get_cooperation_display(),
        "; ".join(party.words for party in listing.parties.all()),
        listing.products,
        listing.site,
        figure and figure.source,
        f"{settings.BASE_URL}{listing.get_absolute_url()}",
    ]
