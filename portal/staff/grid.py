"""The figures of a draft in one grid: typed as an office writes them, read back, saved together."""

import re
from copy import copy, deepcopy
from functools import cached_property, reduce
from hashlib import sha256
from operator import or_
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import Q
from django.forms.models import construct_instance
from django.forms.utils import flatatt
from django.http import JsonResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.facts.models import Figure, Source, Sourced
from portal.lib import amounts, units
from portal.publishing import permissions
from portal.publishing.models import Version
from portal.publishing.workflow import Conflict, Refused, editing

from .access import VersionPage, is_key
from .editing import Section, other_hands
from .forms import SeenForm, next_order, section_form
from .sections import choices, rows_of, sections
from .typed import FigureWords, NamedField, Names, fold, names_of_row, understood

NEW_ROWS = 3
MOST_NEW_ROWS = 100
PER_PAGE = 100  # so that what a browser sends stays within the settings' bounds
PICKS = 30  # of the office's sources that this version has not used; all others by the long form
#: What a row of the grid shows.
BOXES = ["metric", "amount", "basis", "as_of", "period", "source", "key"]
OPENED = re.compile(r"row-([0-9]{1,19})-opened")


# The choices ----------------------------------------------------------------------------------------------------------


def sources_for(version, user):
    """(the permitted sources, those that this version names already)."""
    permitted = choices(Figure._meta.get_field("source"), user=user, city=version.city, version=version)
    sourced = [part for part in sections(type(version)).values() if issubclass(part, Sourced)]
    own = Q(pk=getattr(version, "source_id", None))
    used = reduce(or_, (Q(pk__in=part.of(version).order_by().values("source")) for part in sourced), own)
    return permitted, Source.objects.filter(used)


def quick_picks(version, user, also=()):
    """(groups of choices: used on this page, then the office's; {key: source} of all of them).

    `also` are keys that have been chosen, offered or not.
    """
    permitted, used = sources_for(version, user)
    used = list(used)
    keys = {source.pk for source in used}
    others = list(permitted.exclude(pk__in=keys).order_by("city", *Source._meta.ordering)[:PICKS])
    missing = {key for key in also if key not in keys | {source.pk for source in others}}
    others += list(permitted.filter(pk__in=missing)) if missing else []
    groups = [(_("On this page"), used), (_("Other sources"), others)]
    offered = [(name, [(source.pk, str(source)) for source in sources]) for name, sources in groups if sources]
    return [("", "—"), *offered], {str(source.pk): source for source in [*used, *others]}


def metric_names(version, user):
    rows = choices(Figure._meta.get_field("metric"), user=user, city=version.city, version=version)
    return Names(list(rows), names_of_row, str)


# One row --------------------------------------------------------------------------------------------------------------


class PlainSelect(forms.Select):
    """Drawn without a template for each option: a grid of forty rows has thousands of them."""

    def __init__(self, choices):
        super().__init__(choices=choices)
        self.drawn = [(name, list(map(drawn_option, pairs))) for name, pairs in in_groups(choices)]

    def render(self, name, value, attrs=None, renderer=None):
        value = "" if value is None else str(value)
        attrs = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        options = "".join(self.group(*group, value) for group in self.drawn)
        return format_html("<select{}>{}</select>", flatatt(attrs), mark_safe(options))  # escaped when drawn

    def group(self, name, pairs, value):
        options = "".join(before + (" selected" if key == value else "") + after for key, before, after in pairs)
        return format_html('<optgroup label="{}">{}</optgroup>', name, mark_safe(options)) if name else options


def in_groups(choices):
    """[(name of the group or "", its pairs)]"""
    for value, label in choices:
        yield (value, label) if isinstance(label, list) else ("", [(value, label)])


def drawn_option(pair):
    """(value, what stands before and after “selected”): all of it escaped."""
    return str(pair[0]), format_html('<option value="{}"', pair[0]), format_html(">{}</option>", pair[1])


class RowForm(FigureWords):
    """The figure in one line; what else there is of it stays as it is."""

    remove = forms.BooleanField(label=gettext_lazy("take out"), required=False)
    opened = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    class Meta:
        model = Figure
        fields = [*(name for name in BOXES if name != "amount"), *amounts.Amount._fields]
        formfield_callback = section_form(Figure).Meta.formfield_callback

    clash = None  # after a conflict: [(label, what is stored now, what is typed here)]

    def boxes(self):
        """{name: what stands in the box}"""
        return {name: in_a_box(self[name].value()) for name in BOXES}

    def stored_boxes(self):
        """{name: what would stand there if nobody typed}"""
        return {name: in_a_box(self.initial.get(name)) for name in BOXES}

    @property
    def opened_on(self):
        """The mark of what it said when it was opened."""
        return self.data.get(self.add_prefix("opened"), "")

    @property
    def is_touched(self):
        return self.opened_on != mark(self.boxes()) or self.removed

    @property
    def removed(self):
        return bool(self["remove"].value())

    @property
    def stored(self):
        return self.instance.pk

    @property
    def says(self):
        """How the amount is understood, in words; "" when it is not."""
        if not self.is_bound:
            return amount_words(self.instance) if self.stored else ""
        amount = self.errors is not None and self.cleaned_data.get("amount")
        return amount_words(Figure(**amount._asdict())) if amount else ""

    def apply_to(self, row):
        return construct_instance(self, row, self._meta.fields)

    def says_as_much_as(self, figure):
        """Whether it is the same in all that a row shows, however it was typed."""
        keys = [Figure._meta.get_field(name).attname for name in self._meta.fields]
        typed = self.apply_to(Figure(version_id=figure.version_id)) if self.is_valid() else None
        return bool(typed) and all(getattr(typed, key) == getattr(figure, key) for key in keys)


def said_as(field):
    return {"label": field.label, "error_messages": {"required": field.error_messages["required"]}}


def in_a_box(value):
    return "" if value in (None, False) else "yes" if value is True else str(value).strip()


def mark(boxes):
    """What a row said when it was opened."""
    return sha256("\0".join(boxes[name] for name in BOXES).encode()).hexdigest()


def amount_words(figure):
    """ "more than RMB 1.15 bn (1,150,000,000)": also in full, where the words abbreviate."""
    full = "–".join(units.number(end) for end in (figure.value_min, figure.value_max) if end is not None)
    if full in figure.amount:
        return figure.amount
    return _("%(amount)s (%(digits)s)") % {"amount": figure.amount, "digits": full}


def as_typed(figure, names):
    """What the boxes say of a stored figure: words that read back to the same figure."""
    metric = names.label(figure.metric)
    amount = amounts.Amount(*(getattr(figure, name) for name in amounts.Amount._fields))
    return {
        "metric": metric if len(names.found.get(fold(metric), [])) == 1 else figure.metric.code,
        "amount": amounts.write(amount, usual=figure.metric.unit),
    }


# All rows -------------------------------------------------------------------------------------------------------------


class Grid:
    """Every figure of a version as a row to type in, and the new rows at its foot; bound when there is data."""

    def __init__(self, version, user, data=None, page=1):
        self.version, self.user, self.data = version, user, data
        self.names = metric_names(version, user)
        self.picks, self.by_key = quick_picks(version, user, self.chosen())
        self.figures = list(rows_of(Figure, version))
        self.page = Paginator(self.figures, PER_PAGE).get_page(page)
        shown = self.on_this_page()
        self.stored = [self.stored_row(figure) for figure in self.figures if figure in shown]
        self.gone = [] if data is None else self.find_gone()
        self.new = self.new_rows()

    def chosen(self):
        if self.data is None:
            return set()
        typed = (value for name, value in self.data.items() if name.endswith("-source"))
        return {int(value) for value in typed if is_key(value)}

    def on_this_page(self):
        """Those of this page, and whatever somebody has typed in."""
        typed = [figure for figure in self.figures if f"row-{figure.pk}-opened" in (self.data or ())]
        return {*self.page.object_list, *typed}

    @property
    def rows(self):
        return [*self.stored, *self.new]

    @cached_property
    def form(self):
        made = type("RowForm", (RowForm,), {})
        fields = made.base_fields = deepcopy(made.base_fields)
        metric, source = (said_as(fields[name]) for name in ("metric", "source"))
        fields["metric"] = NamedField(self.names, widget=forms.TextInput(attrs={"list": "metrics"}), **metric)
        fields["source"] = forms.TypedChoiceField(
            choices=self.picks, coerce=self.by_key.get, empty_value=None, widget=PlainSelect(self.picks), **source
        )
        fields["basis"].widget = PlainSelect([("", "—"), *Figure._meta.get_field("basis").choices])
        for name in amounts.Amount._fields:
            fields[name].required = False
        for field in fields.values():
            field.help_text = ""
        for name in ("metric", "amount", "as_of", "period"):
            fields[name].widget.attrs["autocomplete"] = "off"
        del fields["seen"]
        return made

    def row(self, prefix, instance, initial):
        """Bound when something was typed in it."""
        initial["opened"] = mark({name: in_a_box(initial.get(name)) for name in BOXES})
        made = {"initial": initial, "prefix": prefix}
        if self.data is not None and f"{prefix}-opened" in self.data:
            row = self.form(self.data, instance=copy(instance), **made)
            row.figure = instance
            if row.is_touched:
                return row
        row = self.form(instance=instance, **made)
        row.figure = instance
        return row

    def stored_row(self, figure):
        initial = {name: getattr(figure, name) for name in ("basis", "as_of", "period", "key")}
        return self.row(
            f"row-{figure.pk}", figure, initial | {"source": figure.source_id, **as_typed(figure, self.names)}
        )

    def blank(self, prefix, **initial):
        return self.row(prefix, Figure(version_id=self.version.pk), initial)

    def new_rows(self):
        """As many as were typed in, at least some empty ones; with the source named last, or the ceremony's own."""
        source = self.figures[-1].source_id if self.figures else getattr(self.version, "source_id", None)
        count = NEW_ROWS
        if self.data is not None:
            beyond = (place for place in range(MOST_NEW_ROWS) if f"new-{place}-opened" not in self.data)
            count = max(next(beyond, MOST_NEW_ROWS), NEW_ROWS)
        return [self.blank(f"new-{place}", source=source) for place in range(count)]

    def find_gone(self):
        """Rows that were typed in, but are no longer there."""
        there = {figure.pk for figure in self.figures}
        keys = {int(found[1]) for found in map(OPENED.fullmatch, self.data) if found}
        rows = [self.blank(f"row-{key}") for key in sorted(keys - there)]
        return [row for row in rows if row.is_bound and not row.removed]

    # What was typed

    def changed(self):
        """Rows in which something was typed, new ones included; not those that are to be taken out."""
        return [row for row in self.rows if row.is_bound and not row.removed]

    def removed(self):
        return [row for row in self.stored if row.is_bound and row.removed]

    def is_valid(self):
        return not [row for row in self.changed() if not row.is_valid()]  # each row is asked

    def errors(self):
        """[(number of the row, BoundField or None, message)]"""
        return [
            (number, row[name] if name in BOXES else None, message)
            for number, row in enumerate(self.rows, 1)
            if row.is_bound and not row.removed
            for name, messages in row.errors.items()
            for message in messages
        ]

    def save(self, draft):
        """Call it inside `editing`, when the grid is valid."""
        for row in self.removed():
            Figure.of(draft).filter(pk=row.stored).delete()
        fresh = {figure.pk: figure for figure in Figure.of(draft)}
        order = next_order(Figure, draft)
        for row in self.changed():
            if row.stored:
                row.apply_to(fresh[row.stored]).save()
            else:
                row.apply_to(Figure(version_id=draft.pk, order=order)).save()
                order += 1

    # When somebody saved meanwhile

    def merge(self):
        """The data to go on with on the rows as they are stored now, and {prefix: differences} of the rows that both
        have changed. What only one has changed is as that one says."""
        data, clashes = self.data.copy(), {}
        for row in self.stored:
            if row.is_bound and row.opened_on != row.initial["opened"]:
                self.merge_row(row, data, clashes)
        others = [figure for figure in self.figures if f"row-{figure.pk}-opened" not in self.data]
        for row in self.new:
            if row.is_bound and any(row.says_as_much_as(figure) for figure in others):  # by the first click of two
                forget(data, row.prefix)
        for row in self.gone:
            self.offer_again(row, data, clashes)
        return data, clashes

    def merge_row(self, row, data, clashes):
        if row.boxes() == row.stored_boxes() and not row.removed:
            forget(data, row.prefix)
            return
        data[row.add_prefix("opened")] = row.initial["opened"]  # saved again, it is a choice made knowingly
        clashes[row.prefix] = self.differences(row)

    def differences(self, row):
        theirs = row.stored_boxes()
        return [
            (row[name].label, self.shown(name, theirs[name]), self.shown(name, typed))
            for name, typed in row.boxes().items()
            if typed != theirs[name]
        ] or [(row["remove"].label, _("no"), _("yes"))]

    def shown(self, name, typed):
        """What stands in a box, in words."""
        if name == "source":
            return self.by_key.get(typed, typed)
        if name == "basis":
            return dict(self.form.base_fields["basis"].choices).get(typed, typed)
        return _("yes") if typed == "yes" else typed

    def offer_again(self, row, data, clashes):
        """As a new row, with what was typed."""
        touched = {new.prefix for new in self.new if new.is_bound}
        places = (f"new-{place}" for place in range(len(touched) + len(self.gone)))
        free = next(prefix for prefix in places if prefix not in touched and prefix not in clashes)
        for name in BOXES:
            data[f"{free}-{name}"] = data.get(row.add_prefix(name), "")
        data[f"{free}-opened"] = ""
        forget(data, row.prefix)
        clashes[free] = [(_("this row"), _("taken out meanwhile"), _("added again when you save"))]


def forget(data, prefix):
    for name in [*BOXES, "opened", "remove"]:
        data.pop(f"{prefix}-{name}", None)


# The pages ------------------------------------------------------------------------------------------------------------


class Figures(Section):
    """The grid for who may write in the draft; for others the figures as a list."""

    @property
    def may_write(self):
        return permissions.can_edit(self.request.user, self.version)

    def grid(self, data=None):
        return Grid(self.version, self.request.user, data, self.request.GET.get("page"))

    def get(self, request, **kwargs):
        if self.version.state != Version.State.DRAFT or not self.may_write:
            return super().get(request, **kwargs)
        return self.page(self.grid())

    def post(self, request, **kwargs):
        if not self.may_write:
            raise PermissionDenied
        grid, seen = self.grid(request.POST), SeenForm(request.POST)
        if not (seen.is_valid() & grid.is_valid()):
            return self.page(grid, status=422, refused=seen.errors.get("seen", []))
        if "check" in request.POST:
            return self.page(grid, checked=True)
        return self.keep(grid, seen.cleaned_data["seen"])

    def keep(self, grid, seen):
        if not (grid.changed() or grid.removed() or grid.gone):
            messages.info(self.request, _("Nothing was changed."))
            return redirect(self.section_url())
        try:
            with editing(self.version, by=self.request.user, seen=seen) as draft:
                grid.save(draft)
        except Conflict as conflict:
            return self.conflict(grid, conflict.current)
        except Refused as refused:
            return self.page(grid, status=409, refused=refused.messages)
        except IntegrityError:
            said = _("Something named here has just been removed. Check your choices and save again.")
            return self.page(grid, status=409, refused=[said])
        messages.success(self.request, _("Saved."))
        return redirect(self.request.get_full_path())

    def conflict(self, mine, current):
        """Rows that only one has touched merge by themselves; of the others both texts are shown, and none is lost."""
        self.__dict__.pop("version", None)  # read anew
        data, clashes = self.grid(mine.data).merge()
        grid = self.grid(data)
        if grid.is_valid() and not clashes:
            return self.keep(grid, current.edits)
        for row in grid.rows:
            row.clash = clashes.get(row.prefix)
        hands = other_hands(current)
        return self.page(grid, status=409, seen=current.edits, clashes=clashes, other_hands=hands)

    def page(self, grid, status=200, seen=None, **context):
        """`seen`: how many edits its reader has seen. A page shown again for an error has shown no newer ones."""
        if seen is None:
            seen = self.version.edits if grid.data is None else grid.data.get("seen", "")
        heading = self.model._meta.verbose_name_plural
        return self.show(status, version=self.version, grid=grid, seen=seen, part="figures", heading=heading, **context)

    def show(self, status=200, **context):
        self.template_name = "staff/grid.html" if "grid" in context else Section.template_name
        return super().show(status, **context)


class FigureAmount(VersionPage):
    """How a typed amount is understood, while it is typed: `says` or `error`. Keeps nothing."""

    asks = staticmethod(permissions.can_edit)
    http_method_names = ["post"]

    def post(self, request, pk):
        typed, metric = request.POST.get("amount", ""), None
        try:
            if words := request.POST.get("metric", "").strip():
                metric = metric_names(self.version, request.user).find(words)
        except ValidationError:
            metric = SimpleNamespace(unit="")
        try:
            said = {"says": amount_words(Figure(**understood(typed, metric)._asdict())) if typed.strip() else ""}
        except ValidationError as refused:
            said = {"error": " ".join(refused.messages)}
        return JsonResponse(said)
