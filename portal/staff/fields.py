"""How the forms of the workspace ask: what comes first, what is said of an empty box, what a long list begins with."""

from itertools import groupby

from django import forms
from django.db.models import Case, Q, Value, When
from django.forms.models import ModelChoiceIterator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.publishing.wording import says_something

#: Fields that few rows need: asked under "More details", by the form's model.
DETAILS = {
    "facts.figure": "subject scale_as_reported yoy yoy_period part_of supersedes converted converted_unit "
    "statistics_by verification visibility note",
    "facts.claim": "about scope compared_with verification note",
    "facts.source": "distributor issuer byline translated engine dateline_place dateline_date published_time retrieved "
    "contact note",
    "projects.participation": "body_inferred organisation is_group locator quote",
    "projects.stageevent": "note",
    "projects.projectparty": "count locator quote",
    "clusters.organisation": "parent aliases credit_code",
    "clusters.clusterstage": "note locator quote",
    "clusters.clustercompany": "since note locator quote",
    "clusters.designation": "batch locator quote",
    "clusters.rankingentry": "place_inferred locator quote",
}
USED, OWN, SHARED = range(3)
GROUPS = {USED: _("On this page already"), OWN: _("Kept by this office"), SHARED: _("Shared by all offices")}


def in_details(model):
    return set(DETAILS.get(model._meta.label_lower, "").split())


def wanted(field):
    """What is said when a field that must be filled is empty: its name, not "this field"."""
    is_chosen = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
    return format_lazy(_("Choose: {field}.") if is_chosen else _("Fill in: {field}."), field=field.label)


def is_filled(bound):
    """Whether a field says more than an empty form would."""
    said = bound.value()
    if isinstance(said, list):
        said = [part for part in said if part]
    return says_something(said, bound.form.instance._meta.get_field(bound.name))


class GroupedIterator(ModelChoiceIterator):
    """Choices in the groups of `by_use`; one group alone needs no heading."""

    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        groups = [(rank, list(rows)) for rank, rows in groupby(self.queryset, key=lambda row: row.rank)]
        for rank, rows in groups:
            found = [self.choice(row) for row in rows]
            yield from found if len(groups) == 1 else [(GROUPS[rank], found)]


class GroupedChoiceField(forms.ModelChoiceField):
    iterator = GroupedIterator


def by_use(rows, version, city):
    """The rows with their `rank`: those this version names already, then the office's own, then the shared ones."""
    named = Q(pk__in=[])
    for part in type(version).parts() if version else []:
        for field in part._meta.concrete_fields:
            if field.related_model is rows.model:
                named |= Q(pk__in=part.of(version).order_by().values(field.attname))
    rank = Case(When(named, then=Value(USED)), When(city=city, then=Value(OWN)), default=Value(SHARED))
    return rows.annotate(rank=rank).order_by("rank", *rows.model._meta.ordering)
