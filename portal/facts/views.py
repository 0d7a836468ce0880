"""What the page of any version prints: its facts with their evidence, its state, its neighbours."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language

from portal.cities.models import City
from portal.publishing import linked_data
from portal.publishing.models import Version
from portal.publishing.past import editions
from portal.publishing.views import PublicDetail, trail

from .charts import charts
from .evidence import Evidence, rows
from .models import Source, Sourced


class VersionDetail(PublicDetail):
    """Templates extend publishing/version.html. `list_label` names the list this page belongs to."""

    list_label: Any = ""

    def load(self, version: Any) -> None:
        """Each document once, though many rows stand in it."""
        version.load_parts(apart=Source)
        parts = (part for part in type(version).parts() if part.is_content and issubclass(part, Sourced))
        Source.attach(row for part in parts for row in rows(version, part))

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        version, breadcrumbs = self.object, self.breadcrumbs()
        evidence = Evidence(version, self.today)
        public = editions(version.entry_id, self.clock.present)
        return super().get_context_data(
            evidence=evidence,
            charts=charts(evidence),
            translation=next((row for row in version.translations.all() if row.language == get_language()), None),
            breadcrumbs=breadcrumbs,
            linked_data=self.said_to_machines(breadcrumbs),
            editions=public,
            is_edition=any(edition.version.pk == version.pk for edition in public),
            city_page=version if version.kind == "city" else city_page(version.entry.city, self.clock.at),
            about=f"{version.entry.kind}/{version.entry.city.slug}/{version.entry.slug}",
            **self.neighbours(),
            **context,
        )

    def said_to_machines(self, breadcrumbs: list[dict[str, Any]]) -> str:
        """Nothing on a page of the past: it is not for indexes, and whom to call is said today only."""
        if self.clock.as_of:
            return ""
        return linked_data.script(linked_data.of_version(self.object, breadcrumbs))

    def breadcrumbs(self) -> list[dict[str, str]]:
        return trail((self.list_label, reverse(f"{self.model.kind}-list")), self.object.title)

    def neighbours(self) -> dict[str, Version | None]:
        """The entries before and after this one in the list of its kind: by city, then by address."""
        city, slug = self.object.city.code, self.object.entry.slug
        listed = self.live(self.model).select_related("entry__city").order_by("entry__city__code", "entry__slug")
        here = Q(entry__city__code=city)
        return {
            "previous": listed.filter(Q(entry__city__code__lt=city) | here & Q(entry__slug__lt=slug)).last(),
            "next": listed.filter(Q(entry__city__code__gt=city) | here & Q(entry__slug__gt=slug)).first(),
        }

    def public(self, entries: Iterable[int | None]) -> dict[int, Version]:
        """What is public now of these entries, by entry: a name without a public page is no link."""
        found = self.live(Version).with_entry().filter(entry__in={key for key in entries if key})
        return {version.entry_id: version for version in found}


def city_page(city: City, at: datetime) -> Version | None:
    """The public profile of the city, on which its brief rests too."""
    return Version.objects.live(at).of_kind("city").for_city(city).with_entry().first()
