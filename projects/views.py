"""The public pages of projects and ceremonies."""

from django.conf import settings
from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language_info, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal.facts.views import VersionDetail
from portal.lib.spreadsheets import csv_file
from portal.lib.text import language_codes
from portal.publishing.models import Version
from portal.publishing.views import PublicPage

from .filters import CeremonyFilter, ProjectFilter, printable
from .models import CeremonyRecord, ProjectListing, ProjectParty, SignedProject, Stage, StageEvent, investments
from .timeline import by_year, in_time, neighbours

PAGE_SIZE = 20
MOST_PAGES = 50
LISTS = {"project": gettext_lazy("Projects"), "ceremony": gettext_lazy("Ceremonies")}
MILESTONES = [Stage.SIGNED, Stage.STARTED, Stage.PRODUCING, Stage.FULL]


class CappedPaginator(Paginator):
    """No reader turns a thousand pages; a program takes the file."""

    @cached_property
    def num_pages(self):
        return min(super().num_pages, MOST_PAGES)


class FilteredList(PublicPage, TemplateView):
    """A list narrowed by its address. What the address asks and we cannot give is said, with a way on."""

    model: type[Version]
    filter_class: type

    def get(self, request, *args, **kwargs):
        if not self.filters.form.is_valid():
            return self.refused()
        return self.turned_to(request.GET.get("page") or "1")

    @cached_property
    def filters(self):
        return self.filter_class(self.request.GET, self.get_queryset())

    def get_queryset(self):
        return self.live(self.model).with_entry()

    def arranged(self, rows):
        """The rows, or their keys, in the order of the list."""
        return rows

    def shown(self, rows):
        """What the template prints of those on this page."""
        return rows

    def refused(self):
        errors = [
            {"label": self.filters.form.fields[name].label, "said": said}
            for name, found in self.filters.form.errors.items()
            for said in found
        ]
        return self.answer(400, errors=errors, way_on=self.filters.address_without_errors())

    def turned_to(self, number):
        paginator = CappedPaginator(self.arranged(self.filters.rows()), PAGE_SIZE)
        try:
            page = paginator.page(number)
        except PageNotAnInteger:
            said = _("“%(value)s” is not the number of a page.") % {"value": printable(number)}
            return self.answer(400, errors=[{"said": said}], way_on=self.filters.address("page"))
        except EmptyPage:
            count = paginator.num_pages
            said = ngettext("This list has %(count)d page.", "This list has %(count)d pages.", count) % {"count": count}
            return self.answer(404, errors=[{"said": said}], way_on=self.filters.address("page"))
        out_of_reach = not page.has_next() and page.number * PAGE_SIZE < paginator.count
        capped_at = page.number * PAGE_SIZE if out_of_reach else None
        return self.answer(200, page_obj=page, rows=self.shown(page.object_list), capped_at=capped_at)

    def answer(self, status, **said):
        return self.render_to_response(self.get_context_data(**said), status=status)

    def get_context_data(self, **said):
        query = self.request.GET
        return super().get_context_data(
            facets=self.filters.facets(),
            chosen=self.filters.chosen(),
            words="".join(filter(str.isprintable, query.get("q", ""))),
            breadcrumbs=[{"label": _("Home"), "url": reverse("home")}, {"label": LISTS[self.model.kind]}],
            data_as_of=self.request.clock.at,
            **said,
        )


class ProjectList(FilteredList):
    model = ProjectListing
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


class Detail(VersionDetail):
    """The page of one project or ceremony."""

    @property
    def list_label(self):
        return LISTS[self.model.kind]

    def breadcrumbs(self):
        *above, here = super().breadcrumbs()
        city = self.object.city
        return [*above, {"label": city.name, "url": f"{above[-1]['url']}?city={city.slug}"}, here]

    def named(self):
        """What is public of the entries this version names: its park, and those it is related to."""
        version = self.object
        related = [row.entry_id for row in version.related.all()]
        public = self.public([version.park_id, *related])
        return {"park": public.get(version.park_id), "related": [public[key] for key in related if key in public]}


class ProjectDetail(Detail):
    model = ProjectListing
    template_name = "projects/project_detail.html"

    def get_queryset(self):
        return super().get_queryset().with_stage().select_related("industry", "link__chain")

    def get_context_data(self, **said):
        signed = SignedProject.objects.filter(project=self.object.entry_id)
        ceremonies = self.live(CeremonyRecord).filter(pk__in=signed.values("version")).with_entry()
        return super().get_context_data(
            stages=stage_line(self.object), ceremonies=in_time(ceremonies), **self.named(), **said
        )


class CeremonyList(FilteredList):
    model = CeremonyRecord
    filter_class = CeremonyFilter
    template_name = "projects/ceremony_list.html"

    def arranged(self, rows):
        return [row.pk for row in reversed(in_time(rows.select_related(None).only("entry", "when")))]

    def shown(self, keys):
        rows = self.get_queryset().in_bulk(keys)
        return by_year(rows[key] for key in keys)


class CeremonyDetail(Detail):
    model = CeremonyRecord
    template_name = "projects/ceremony_detail.html"

    def get_queryset(self):
        return super().get_queryset().select_related("source")

    def get_context_data(self, **said):
        record = self.object
        return super().get_context_data(
            sides=sides(record),
            outcomes=self.outcomes(),
            reconciliation=record.reconciliation(),
            **self.named(),
            **said,
        )

    def outcomes(self):
        """Each project of the ceremony, with the listing that says what has become of it, where one is public."""
        rows = self.object.signed_projects.all()
        listings = self.live(ProjectListing).with_stage().with_entry().prefetch_related(StageEvent.prefetch())
        listing_of = {found.entry_id: found for found in listings.filter(entry__in=[row.project_id for row in rows])}
        return [(row, listing_of.get(row.project_id)) for row in rows]

    def neighbours(self):
        """The ceremonies of the city before and after this one."""
        of_city = self.live(CeremonyRecord).for_city(self.object.city).with_entry()
        return neighbours(self.object, of_city)._asdict()


def sides(record):
    """The guests by side, each with their place in the order of protocol; the sides as their first guest stands."""
    found = {}
    for place, guest in enumerate(record.participations.all(), 1):
        guest.place = place
        found.setdefault(guest.get_side_display(), []).append(guest)
    return [{"label": label, "people": people} for label, people in found.items()]


def stage_line(listing):
    """The stages reached, in order, and the milestones after them that nobody has reported."""
    events = sorted(listing.stage_events.all(), key=lambda event: (event.stage == Stage.CANCELLED, event.stage))
    reached = [
        {"label": event.get_stage_display(), "when": event.when, "state": "done", "event": event} for event in events
    ]
    if reached:
        reached[-1]["state"] = "cancelled" if listing.stopped else "now"
    to_come = [stage for stage in MILESTONES if not listing.stopped and stage > (listing.stage or 0)]
    return reached + [{"label": stage.label, "state": "expected"} for stage in to_come]


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
