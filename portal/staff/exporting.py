"""Lists of the workspace as tables for spreadsheets: the rows that the list shows, all of them, in typed cells."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clusters.models import Organisation
from portal.facts.models import Source
from portal.lib import spreadsheets
from portal.lib.text import language_codes
from portal.publishing import permissions
from portal.publishing.models import Version

from .access import CityPage
from .sections import standing
from .sheets import SHEETS
from .sheets.base import newest_of
from .sheets.companies import CompanySheet
from .sheets.projects import ProjectSheet


class CityExport(CityPage):
    """What a city has now, in the columns of the table that is imported: projects, figures, companies or costs."""

    asks = staticmethod(permissions.can_read)

    def get(self, request, city, what, form):
        sheet = SHEETS[what](user=request.user, city=self.city)
        return spreadsheets.file(form, f"{what}-{self.city.slug}", sheet.labels, sheet.stored())


def entries(form, kind, entries, *, user, cities, at):
    """A list of entries, each by its newest version; projects with what an import reads."""
    newest = newest_of(entries.order_by().values("pk"))
    if kind.kind == "project" and cities:
        sheet = ProjectSheet(user=user, city=cities[0])
        return spreadsheets.file(form, "projects", sheet.labels, sheet.lines(newest))
    columns = [*in_each_language(_("Title")), _("City"), _("Address of the page"), _("Version"), _("Where it stands")]
    columns += [_("Public from"), _("Public until"), _("Begun by"), _("Begun")]
    versions = Version.objects.filter(pk__in=newest).select_related("entry__city", "created_by")
    rows = (version_line(version, at) for version in versions.order_by("entry__city__code", "entry__slug"))
    return spreadsheets.file(form, kind.kind, columns, rows)


def version_line(version, at):
    word, _tone = standing(version, at)
    return [
        *texts(version.title), str(version.entry.city), version.entry.slug, version.number, str(word),
        version.live_from, version.live_until, str(version.created_by), version.created_at,
    ]  # fmt: skip


def in_each_language(label):
    return [f"{label} ({code.partition('-')[0]})" for code in reversed(language_codes())]


def texts(text):
    return [text.get(code, "") for code in reversed(language_codes())]


def references(form, what, rows, *, user, cities):
    if rows.model is Organisation and cities:
        sheet = CompanySheet(user=user, city=cities[0])
        return spreadsheets.file(form, what, sheet.labels, sheet.lines(rows))
    return spreadsheets.file(form, what, source_columns(), map(source_line, rows))


SOURCE_FIELDS = ["code", "title", "publisher", "distributor", "issuer", "kind", "published", "retrieved", "url", "city"]


def source_columns():
    for name in SOURCE_FIELDS:
        label = capfirst(str(Source._meta.get_field(name).verbose_name))
        yield from in_each_language(label) if is_text(name) else [label]


def is_text(name):
    return name in ("title", "publisher", "distributor", "issuer")


def source_line(source):
    for name in SOURCE_FIELDS:
        if is_text(name):
            yield from texts(getattr(source, name))
        elif name == "kind":
            yield source.get_kind_display()
        else:
            value = getattr(source, name)
            yield str(value) if name == "city" and value else value
