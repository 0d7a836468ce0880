"""The pages of organisations: what is public about each. One that no public page names has no page of its own."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from clusters.models import (
    ClusterCompany,
    ClusterProfile,
    Designation,
    Organisation,
    RankingEdition,
    SupportOffer,
)
from portal.facts.evidence import Cited
from portal.lib.queries import any_of
from portal.lib.text import listed, printable
from portal.publishing.filters import said_anywhere
from portal.publishing.models import Version
from portal.publishing.views import PagedList, PublicPage, trail
from projects.models import CeremonyRecord, Participation, ProjectListing, ProjectParty

TITLE = gettext_lazy("Companies and organisations")
MOST_ROWS = 100  # of each sort on one page
MOST_WORDS = 5
#: The rows that name an organisation: of which kind of version, by which field.
MENTIONS: dict[Any, tuple[type[Version], str]] = {
    ClusterCompany: (ClusterProfile, "organisation"),
    SupportOffer: (ClusterProfile, "provider"),
    ProjectParty: (ProjectListing, "organisation"),
    Participation: (CeremonyRecord, "organisation"),
    Designation: (Version, "holder"),
}


class OrganisationPage(PublicPage):
    def named(self) -> QuerySet[Organisation]:
        return named(self.clock.at)


def named(at: datetime) -> QuerySet[Organisation]:
    """Those that something public names."""
    found = Q(any_of(RankingEdition.objects.live(at).filter(publisher=OuterRef("pk"))))
    for part, (kind, field) in MENTIONS.items():
        found |= Q(any_of(part.objects.filter(**{field: OuterRef("pk")}, version__in=kind.objects.live(at))))
    return Organisation.objects.filter(found)


class OrganisationList(OrganisationPage, PagedList):
    """All of them by name, narrowed by words and by kind."""

    template_name = "clusters/organisation_list.html"
    context_object_name = "organisations"
    paginate_by = 60

    def get_queryset(self) -> Any:
        found = self.named()
        if self.kind:
            found = found.filter(kind=self.kind)
        for word in self.words.split()[:MOST_WORDS]:
            found = found.filter(said_anywhere(word, "name") | Q(slug__icontains=word))
        return found.select_related("parent").order_by("slug")

    @property
    def kind(self) -> str:
        return printable(self.request.GET.get("kind", ""))

    @property
    def words(self) -> str:
        return printable(self.request.GET.get("q", ""))

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(
            kinds=[(value, label, value == self.kind) for value, label in Organisation.Kind.choices],
            words=self.words,
            narrowed=bool(self.words or self.kind),
            title=TITLE,
            breadcrumbs=trail(TITLE),
            **context,
        )


class OrganisationDetail(OrganisationPage, TemplateView):
    template_name = "clusters/organisation_detail.html"

    @cached_property
    def organisation(self) -> Organisation:
        found = self.named().filter(slug=self.kwargs["slug"]).first()
        if not found:
            raise Http404
        return found

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        one = self.organisation
        said = {
            "companies": self.rows(ClusterCompany, "stage__link__chain"),
            "parties": self.rows(ProjectParty, "version__progress"),
            "guests": self.rows(Participation),
            "offers": self.rows(SupportOffer),
            "designations": self.rows(Designation),
        }
        rankings = list(self.live(RankingEdition).filter(publisher=one).with_entry().order_by("-edition")[:MOST_ROWS])
        related = self.named().filter(Q(pk=one.parent_id) | Q(parent=one)).order_by("slug")[:MOST_ROWS]
        return super().get_context_data(
            organisation=one,
            finding=finding(self.counted(said), rankings),
            most=MOST_ROWS,
            parent=next((other for other in related if other.pk == one.parent_id), None),
            subsidiaries=[other for other in related if other.pk != one.parent_id],
            rankings=rankings,
            evidence=Cited(row for rows in said.values() for row in rows),
            breadcrumbs=trail((TITLE, reverse("organisation-list")), one),
            **said,
            **context,
        )

    def rows(self, part: Any, *beside: str) -> list[Any]:
        """What public versions say of it in this sort of row, by city; the first of many."""
        rows = self.mentions(part).select_related("source", "version__entry__city", *beside)
        return list(rows.order_by("version__entry__city__code", "version__entry__slug", "order", "pk")[:MOST_ROWS])

    def mentions(self, part: Any) -> Any:
        kind, field = MENTIONS[part]
        return part.objects.filter(**{field: self.organisation}, version__in=self.live(kind))

    def counted(self, said: dict[str, list[Any]]) -> dict[str, set[int]]:
        """What names it, by sort of row: versions, or titles; all of them, also where only the first are shown."""
        found = {}
        for name, rows in said.items():
            what = "pk" if name == "designations" else "version_id"
            found[name] = {getattr(row, what) for row in rows}
            if len(rows) == MOST_ROWS:
                found[name] = {*self.mentions(type(rows[0])).values_list(what, flat=True)}
        return found


def finding(named: dict[str, set[int]], rankings: list[RankingEdition]) -> str:
    """Where it is named, in one sentence: "Named in 1 cluster, 3 projects and 2 ceremonies"."""
    clusters, titles = named["companies"] | named["offers"], named["designations"]
    projects, ceremonies = named["parties"], named["guests"]
    counted = [
        (len(clusters), ngettext("%(count)d cluster", "%(count)d clusters", len(clusters))),
        (len(projects), ngettext("%(count)d project", "%(count)d projects", len(projects))),
        (len(ceremonies), ngettext("%(count)d ceremony", "%(count)d ceremonies", len(ceremonies))),
        (len(titles), ngettext("%(count)d title", "%(count)d titles", len(titles))),
        (len(rankings), ngettext("%(count)d ranking", "%(count)d rankings", len(rankings))),
    ]
    parts = [words % {"count": count} for count, words in counted if count]
    return _("Named in %(where)s.") % {"where": listed(parts)}
