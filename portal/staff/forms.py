"""Forms made from the models: one a section, with both languages side by side and only the reader's own choices."""

import unicodedata
from decimal import Decimal
from functools import cache
from hashlib import sha256

from django import forms
from django.db import models
from django.db.models import Max
from django.forms.models import construct_instance, model_to_dict, modelform_factory
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext_lazy as _
from pypinyin import lazy_pinyin

from clusters.models import Organisation
from portal.facts.models import Source
from portal.lib.forms import LinesField
from portal.lib.text import Text, TranslatedField, TranslatedFormField
from portal.media.forms import PictureSelect
from portal.media.models import Image, Kept
from portal.publishing.clock import database_now
from portal.publishing.models import Entry

from .fields import GroupedChoiceField, by_use, in_details, is_filled, wanted
from .sections import choices, chosen_labels, editable, entry_words

LONGEST_NUMBER = 2**31 - 1
#: What an office may add when a list of choices lacks it, by its word in the address.
ADDED_BY_STAFF = {Source: "sources", Organisation: "organisations"}


class EntryChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, entry):
        return entry_words(entry)


class NumberField(forms.DecimalField):
    """Accepts 1,150,000,000 and full-width digits; shows no zeros that nobody typed."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value):
        typed = unicodedata.normalize("NFKC", str(value)) if value is not None else value
        return super().to_python(typed.replace(",", "").replace(" ", "") if typed else typed)

    def prepare_value(self, value):
        return f"{value.normalize():f}" if isinstance(value, Decimal) and value.is_finite() else value


def form_field(field, **kwargs):
    """The form's field for a model's field: `formfield_callback` of every form here."""
    made = field_of(field, **kwargs)
    if made:
        made.error_messages["required"] = wanted(made)
    return made


def field_of(field, **kwargs):
    if isinstance(field, models.ForeignKey) and field.related_model in ADDED_BY_STAFF:
        return field.formfield(form_class=GroupedChoiceField, **kwargs)
    if isinstance(field, models.ForeignKey) and field.related_model is Entry:
        return field.formfield(form_class=EntryChoiceField, **kwargs)
    if field.related_model is Image:
        return field.formfield(widget=PictureSelect, **kwargs)
    if isinstance(field, models.DecimalField):
        kwargs.pop("widget", None)
        return field.formfield(form_class=NumberField, widget=NumberField.widget, **kwargs)
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return field.formfield(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)
    if isinstance(field, models.JSONField) and not isinstance(field, TranslatedField):
        return list_field(field)
    if isinstance(field, models.URLField):
        return field.formfield(assume_scheme="https", **kwargs)
    if isinstance(field, models.TextField):
        return field.formfield(widget=forms.Textarea(attrs={"rows": 3}), **kwargs)
    return field.formfield(**kwargs)


def list_field(field):
    said = {"label": capfirst(field.verbose_name), "help_text": field.help_text, "required": False}
    if labels := chosen_labels(field):
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=list(labels.items()), widget=widget, **said)
    return LinesField(**said | {"help_text": field.help_text or _("One a line.")})


def seen_field(required=True):
    said = _("Open this form again and copy your text into it.")
    return forms.IntegerField(
        widget=forms.HiddenInput,
        required=required,
        min_value=0,
        max_value=LONGEST_NUMBER,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), said),
    )


class SeenForm(forms.Form):
    """Nothing to fill in: a question that is answered by its button."""

    seen = seen_field()


def digest(row):
    """What a form was opened on: another one means that somebody has saved this very row since."""
    return sha256(repr(sorted(model_to_dict(row, exclude=["order"]).items())).encode()).hexdigest()


class SectionForm(forms.ModelForm):
    """A version's main fields or one row of a part.

    `seen` is the version's count of edits when the form was opened, `opened` the digest of what the row said then.
    """

    seen = seen_field()
    opened = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args, user, city, version=None, **kwargs):
        super().__init__(*args, **kwargs)
        for field in editable(self._meta.model):
            if field.is_relation and field.name in self.fields:
                keep = getattr(self.instance, field.attname)
                rows = choices(field, user=user, city=city, version=version, keep=keep)
                rows = rows.exclude(pk=self.instance.pk) if is_own(field) else rows
                if field.related_model in ADDED_BY_STAFF:
                    rows = by_use(rows, version, city)
                self.fields[field.name].queryset = rows
                if field.related_model in ADDED_BY_STAFF or issubclass(field.related_model, Kept):
                    self.fields[field.name].help_text = where_to_add(field.related_model, city)

    @property
    def asked_first(self):
        return [field for field in self if field.name not in in_details(self._meta.model)]

    @property
    def details(self):
        return [field for field in self if field.name in in_details(self._meta.model)]

    @property
    def details_are_open(self):
        return any(field.errors or is_filled(field) for field in self.details)

    def _get_validation_exclusions(self):
        """`version` is on no form, but the rules that name it hold: no language twice, no entry related twice."""
        return super()._get_validation_exclusions() - {"version"}

    def apply_to(self, row):
        """Set what was typed on a freshly read row."""
        return construct_instance(self, row, self._meta.fields)


def where_to_add(model, city):
    if issubclass(model, Kept):
        link = reverse("staff-media", args=[city.slug])
    else:
        link = reverse("staff-reference-add", args=[city.slug, ADDED_BY_STAFF[model]])
    return format_html(_('Not in the list? <a href="{}">Add it</a> first, then open this form again.'), link)


def is_own(field):
    """A figure that is part of a figure: not of itself."""
    return field.related_model is field.model


def model_form(model, *left_out):
    """Its fields but those left out and the place in the order, which is given by moving rows."""
    fields = [field.name for field in editable(model) if field.name not in (*left_out, "order")]
    return modelform_factory(model, form=SectionForm, fields=fields, formfield_callback=form_field)


@cache
def section_form(model):
    """The form of a kind's main fields or of a part's row."""
    return model_form(model)


@cache
def beginning_form(kind):
    """The form of a new entry: its main fields and its address. A first version changes nothing that was public."""
    made = model_form(kind, "note")
    del made.base_fields["seen"], made.base_fields["opened"]
    if kind.kind != "city":  # a city's page stands at the city's own address
        made.base_fields["slug"] = forms.SlugField(
            label=_("Address of the page"),
            max_length=80,
            required=False,
            help_text=_("Latin letters, digits and hyphens. Left empty, it is made from the title."),
        )
    return made


@cache
def reference_form(model, key):
    """The form of a source or organisation; its key and its city are not typed."""
    made = model_form(model, "city", key)
    del made.base_fields["opened"]
    made.base_fields["seen"] = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    return made


def address_from(title: Text, longest=80):
    """ "Lithium city" from its English, else from the pinyin of its Chinese."""
    latin = slugify(title.get("en", "")) or slugify(" ".join(lazy_pinyin(str(title))))
    return latin[:longest].strip("-_")


def next_order(part, version):
    return 1 + (part.of(version).aggregate(last=Max("order"))["last"] or 0)


class StepForm(forms.Form):
    """What a step asks for: a reason, a time in the city's own zone, or the public note. `seen`: as in SectionForm."""

    seen = seen_field(required=False)
    note = TranslatedFormField(
        label=_("What changed"),
        required=False,
        max_length=200,
        help_text=_(
            "One sentence for the public page, in both languages. "
            "Without it readers are told that nobody said what this version changes."
        ),
    )
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    at = forms.DateTimeField(
        label=_("Not now, but at"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args, step, version, **kwargs):
        super().__init__(*args, auto_id=f"{step.name}_%s", **kwargs)
        zone = version.city.time_zone
        self.fields["at"].help_text = _("Time of the city (%(zone)s). Left empty: now.") % {"zone": zone}
        asked = {"reason": step.needs_reason, "at": step.takes_time(version), "note": step.takes_note(version)}
        for name in [name for name, is_asked in asked.items() if not is_asked]:
            del self.fields[name]

    def clean_at(self):
        at, now = self.cleaned_data["at"], database_now()
        if at and at.year > now.year + 2:
            raise forms.ValidationError(_("That is more than two years ahead."))
        if at and (at.year < now.year or at < now):
            raise forms.ValidationError(_("That time is past."))
        return at
