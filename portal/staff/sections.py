"""What a version consists of for the one who edits it: a section a kind of part, found from the models."""

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, When
from django.utils.translation import gettext_lazy

from portal.cities.models import City
from portal.lib.text import TranslatedField
from portal.publishing import wording
from portal.publishing.models import Entry, Part, Version
from portal.publishing.wording import EMPTY as EMPTY
from portal.publishing.wording import chosen_labels as chosen_labels
from portal.publishing.wording import editable, filled, heading, said


def sections(kind):
    """{word in the address: the part's model}, in the order in which a page would want them filled."""
    return {part.accessor(): part for part in kind.parts() if part.is_content}


def rows_of(part, version):
    """The rows with all that their forms and lines name, in order."""
    return part.prefetch().queryset.filter(version_id=version.pk)


# What a field may name -----------------------------------------------------------------------------------------------


def choices(field, *, user, city, version=None, keep=None):
    """The rows that a foreign key may name: siblings in this version, the office's own and shared rows, live entries.

    `keep` is what it names now: that stays a choice, whatever has become of it.
    """
    model = field.related_model
    if issubclass(model, Part):
        rows = rows_of(model, version)
    elif model is Entry:
        elsewhere = Case(When(city=city, then=0), default=1)
        rows = entries_to_name(user, keep).order_by("kind", elsewhere, "city__code", "slug")
    elif model is not City and any(other.name == "city" for other in model._meta.fields):
        rows = model._default_manager.filter(Q(city=None) | Q(city=city) | Q(pk=keep))
    else:
        rows = model._default_manager.all()
    return rows.complex_filter(field.get_limit_choices_to())


def entries_to_name(user, keep=None):
    """Entries of the user's cities and all that are public, each with the `label` that this user may read."""
    own = City.objects.for_staff(user)
    versions = Version.objects.filter(entry=OuterRef("pk"))
    live = Version.objects.live().filter(entry=OuterRef("pk"))
    newest = versions.order_by("-number").values("title")[:1]
    said = Case(When(city__in=own, then=Subquery(newest)), default=Subquery(live.values("title")[:1]))
    return (
        Entry.objects.filter(Q(city__in=own) | Exists(live) | Q(pk=keep))
        .annotate(label=models.ExpressionWrapper(said, output_field=TranslatedField()))
        .select_related("city")
        .order_by("kind", "city__code", "slug")
    )


def entry_words(entry):
    return wording.entry_words(entry.label, entry)


def words(thing):
    return entry_words(thing) if isinstance(thing, Entry) else str(thing)


# What a row says -----------------------------------------------------------------------------------------------------


def described(rows, *, user, version):
    """Each row with its `heading` and its filled `lines` of (label, value), in a constant number of queries."""
    rows = list(rows)
    if rows:
        names = {field.name: named(field, rows, user, version) for field in looked_up(type(rows[0]))}
        for row in rows:
            row.lines = [(field.verbose_name, said(row, field, names)) for field in filled(row)]
            row.heading = heading(row, row.lines)
    return rows


def looked_up(part):
    """Fields whose words are not on the named row itself: entries are named by titles, siblings by what they name."""
    return [field for field in editable(part) if field.is_relation and issubclass(field.related_model, Entry | Part)]


def named(field, rows, user, version):
    keys = {getattr(row, field.attname) for row in rows} - {None}
    if not keys:
        return {}
    if field.related_model is Entry:
        # What a row already names is shown even when it is no longer public: by its address, never by a foreign draft.
        missing = Entry.objects.filter(pk__in=keys).select_related("city")
        known = {entry.pk: entry_words(entry) for entry in entries_to_name(user).filter(pk__in=keys)}
        return {entry.pk: str(entry) for entry in missing} | known
    return {row.pk: str(row) for row in rows_of(field.related_model, version).filter(pk__in=keys)}


# Where an entry stands -----------------------------------------------------------------------------------------------

STANDING = {
    "live": gettext_lazy("public"),
    "scheduled": gettext_lazy("scheduled"),
    "ended": gettext_lazy("no longer public"),
    "called_off": gettext_lazy("called off"),
}


def standing(version, at):
    """(word, tone of its badge): its state or, once approved, where its period stands at `at`."""
    if version.state != Version.State.APPROVED:
        return version.get_state_display(), {"draft": "note", "in_review": "warning", "reviewed": "warning"}.get(
            version.state, ""
        )
    if version.live_until and version.live_until <= version.live_from:
        return STANDING["called_off"], ""
    if version.live_from > at:
        return STANDING["scheduled"], "note"
    return (STANDING["live"], "good") if version.is_live(at) else (STANDING["ended"], "")


def newest(versions):
    """Of each entry the latest version only."""
    latest = Version.objects.filter(entry=OuterRef("entry")).order_by("-number").values("number")[:1]
    return versions.filter(number=Subquery(latest))
