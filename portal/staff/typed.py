"""Fields and forms over words: what a person or a spreadsheet calls a thing is made the thing."""

import re
import unicodedata
from functools import cached_property

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.forms.models import ModelChoiceField, construct_instance
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy
from rapidfuzz import fuzz, process

from portal.facts.models import Source
from portal.lib import amounts, units
from portal.lib.dates import typed_date
from portal.lib.text import TranslatedField, language_codes
from portal.publishing.models import Entry

from .forms import NumberField, SectionForm
from .sections import EMPTY, entry_words

NEAR_ENOUGH = 75  # of 100: two names this like each other are worth a question
FEW_ENOUGH = 40  # names (of things in two languages, and codes) that an error can list
CHINESE = re.compile(r"[\u3400-\u9fff]")
BETWEEN_ITEMS = re.compile(r"[;；,，、|\n]")
YES = {"yes", "y", "true", "1", "x", "✓", "✔", "√", "是", "对", "有"}
NO = {"no", "n", "false", "0", "-", "–", "—", "×", "否", "不", "无"}


def fold(words):
    """Words as they are compared: full-width, upper case and spaces make no difference."""
    return " ".join(unicodedata.normalize("NFKC", str(words)).casefold().split())


def in_every_language(say):
    """What `say()` gives in each language."""
    for code in language_codes():
        with override(code):
            yield str(say())


# What words may name --------------------------------------------------------------------------------------------------


class Names:
    """Things found by what they are called. `rows` is asked when a name is first looked up."""

    def __init__(self, things, called_by, label):
        self.things, self.called_by, self.label = things, called_by, label

    @cached_property
    def found(self):
        """{folded name: [things]}"""
        found = {}
        for thing in self.things:
            for name in {fold(word) for word in self.called_by(thing) if word}:
                found.setdefault(name, []).append(thing)
        return found

    def find(self, words):
        things = self.found.get(fold(words)) or self.part_of_one(fold(words))
        if len(things) == 1:
            return things[0]
        if things:
            said = _("“%(words)s” names %(count)d of them: write the code of the one that is meant.")
        elif near := self.nearest(words):
            said = _("“%(words)s” is none of them. Do you mean “%(near)s”?")
            return refuse(said, words=words, near=self.label(near))
        elif len(self.found) <= FEW_ENOUGH:
            said = _("“%(words)s” is none of these: %(these)s.")
            return refuse(said, words=words, these=", ".join(str(self.label(thing)) for thing in self.things))
        else:
            said = _("“%(words)s” is none of them.")
        return refuse(said, words=words, count=len(things))

    def part_of_one(self, words):
        """Nothing, unless a subclass is content with less than the whole name."""
        return []

    def nearest(self, words):
        found = process.extractOne(fold(words), list(self.found), scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH)
        return self.found[found[0]][0] if found else None


class ChoiceNames(Names):
    """The few choices of a field: “witnessed” is enough for “witnessed the signing”, “政府方” says “政府”, “speaker”
    says “speak”."""

    def part_of_one(self, words):
        found = {
            thing: None
            for name, things in self.found.items()
            for thing in things
            if len(words) > 1 and (words in name or (CHINESE.search(name) and name in words) or is_form_of(words, name))
        }
        return list(found) if len(found) == 1 else []


def is_form_of(word, name):
    """“speaker” of “speak”, “signing” of “sign”; “yuan/t” is something else than yuan."""
    return len(name) >= 4 and word.isascii() and word.isalpha() and word.startswith(name) and len(word) <= len(name) + 3


def refuse(said, *, words, **more):
    raise ValidationError(said, params={"words": words[:60], **more})


def names_of_row(row):
    """What a source, an organisation, an entry or a sibling row is called, in each language."""
    if isinstance(row, Entry):
        yield from (row.slug, *(row.label or {}).values(), *in_every_language(lambda: entry_words(row)))
        return
    for field in row._meta.concrete_fields:
        if field.name in ("code", "slug", "url"):
            yield getattr(row, field.name)
        elif isinstance(field, TranslatedField) and field.name in ("name", "title"):
            yield from getattr(row, field.attname).values()
    yield from getattr(row, "aliases", None) or ()
    yield from in_every_language(lambda: row)


def choice_names(options):
    """Names of a choice field's values: the value, its labels, of a unit ("RMB (CNY)") also its name alone."""
    called = {}
    for code in language_codes():
        with override(code):
            for value, label in options:
                if value not in EMPTY:
                    names = called.setdefault(str(value), {str(value)})
                    names |= {str(label), str(label).removesuffix(f" ({value})")}
    labels = {str(value): label for value, label in options}
    return ChoiceNames(called, called.__getitem__, labels.__getitem__)


# Fields that read words -----------------------------------------------------------------------------------------------


class NamedField(forms.CharField):
    """One of some rows, by its name or code."""

    def __init__(self, names, **kwargs):
        super().__init__(**kwargs)
        self.names = names

    def to_python(self, value):
        if isinstance(value, models.Model):
            return value
        words = super().to_python(value)
        return self.names.find(words) if words else None

    def prepare_value(self, value):
        return value if isinstance(value, str) or value is None else self.names.label(value)


class LabelledField(NamedField):
    """One of some choices, by its label in either language or its value."""

    def __init__(self, options, coerce=str, **kwargs):
        super().__init__(choice_names(options), **kwargs)
        self.coerce = coerce

    def to_python(self, value):
        words = forms.CharField.to_python(self, value)
        return self.coerce(self.names.find(words)) if words else ""


class LabelledListField(NamedField):
    """Several of some choices, separated by commas or semicolons."""

    def __init__(self, options, **kwargs):
        super().__init__(choice_names(options), **kwargs)

    def to_python(self, value):
        words = forms.CharField.to_python(self, value)
        return [self.names.find(item.strip()) for item in BETWEEN_ITEMS.split(words) if item.strip()]


class YesNoField(forms.CharField):
    def to_python(self, value):
        words = fold(super().to_python(value))
        if not words or words in NO or words == fold(_("no")):
            return False
        if words in YES or words == fold(_("yes")):
            return True
        return refuse(_("“%(words)s” is neither yes nor no."), words=words)


class WordNumberField(NumberField):
    """A number, also as an office writes it: 1.2万, 51%."""

    def to_python(self, value):
        try:
            return super().to_python(value)
        except ValidationError:
            amount = amounts.read(value)
            if amount.qualifier != "exact" or amount.unit not in ("", "percent"):
                raise
            return amount.value_min


class WordIntegerField(forms.IntegerField):
    def to_python(self, value):
        return super().to_python(unicodedata.normalize("NFKC", value).replace(",", "") if value else value)


class WordDateField(forms.DateField):
    def to_python(self, value):
        return super().to_python(typed_date(value) if isinstance(value, str) else value)


def word_field(field, names):
    """The field that reads words, for a field of a section's form; `names` finds what a foreign key may name."""
    kept = {"required": field.required, "label": field.label, "help_text": field.help_text}
    kept["error_messages"] = {"required": field.error_messages["required"]}
    match field:
        case ModelChoiceField():
            made = NamedField(names, **kept)
            if names.things.model is Source:
                made.error_messages["required"] = _("No source is named: name one, or choose one for all rows.")
            return made
        case forms.MultipleChoiceField():
            return LabelledListField(field.choices, **kept)
        case forms.TypedChoiceField():
            return LabelledField(field.choices, coerce=field.coerce, **kept)
        case forms.BooleanField():
            return YesNoField(**kept | {"required": False})
        case NumberField():
            digits = {"max_digits": field.max_digits, "decimal_places": field.decimal_places}
            return WordNumberField(**kept, **digits)
        case forms.IntegerField():
            return WordIntegerField(min_value=field.min_value, max_value=field.max_value, **kept)
        case forms.DateField():
            return WordDateField(**kept)
    return field


class WordForm(SectionForm):
    """A section's form over words. Asks the database nothing: what its rows may name is looked up once for all."""

    def __init__(self, data=None, *, instance, **kwargs):
        forms.ModelForm.__init__(self, data, instance=instance, **kwargs)

    def _post_clean(self):
        """As Django's, but a foreign key has been found among what may be named, and the rules of the table are
        those of `clean` (the database holds them at the end); rows that clash are found over all rows at once."""
        self.instance = construct_instance(self, self.instance, self._meta.fields)
        relations = {field.name for field in self.instance._meta.fields if field.is_relation}
        exclude = self._get_validation_exclusions() | relations
        for check in (lambda: self.instance.clean_fields(exclude=exclude), self.instance.clean):
            try:
                check()
            except ValidationError as refused:
                self._update_errors(self.on_a_field(refused))

    def on_a_field(self, refused):
        """An error of a field that this form does not show is one of the row; what was not read has its error."""
        if not hasattr(refused, "error_dict"):
            return refused
        placed = {}
        for name, errors in refused.error_dict.items():
            if name not in self.errors:
                placed.setdefault(name if name in self.fields else NON_FIELD_ERRORS, []).extend(errors)
        return ValidationError(placed)


class FigureWords(WordForm):
    """A figure's amount is one text."""

    amount = forms.CharField(
        label=pgettext_lazy("of anything counted", "amount"),
        required=False,
        max_length=amounts.LONGEST,
        help_text=gettext_lazy("11.5亿元, more than 100, 10–20 GWh"),
    )

    def clean_amount(self):
        """The `Amount`, in the metric's usual unit when none is typed. None when nothing is typed."""
        words = self.cleaned_data["amount"]
        return understood(words, self.cleaned_data.get("metric")) if words else None

    def clean(self):
        said = super().clean()
        if amount := said.get("amount"):
            for name, value in amount._asdict().items():
                said[name] = value
                self.errors.pop(name, None)
        elif said.get("value_min") is None:
            for name in amounts.Amount._fields:
                self.errors.pop(name, None)
            if "amount" not in self.errors:
                self.add_error("amount", _("Say how much."))
        elif not said.get("unit") and said.get("metric"):
            said["unit"] = said["metric"].unit
        return said


def understood(words, metric=None):
    """A typed amount as one of this metric."""
    usual = metric.unit if metric else ""
    amount = amounts.read(words, usual=usual)
    if not amount.unit and not usual:
        raise ValidationError(_("No unit was typed, and there is no metric yet to take it from."))
    unit = amount.unit or usual
    if usual and units.UNITS[unit].kind != units.UNITS[usual].kind:
        said = _("“%(unit)s” does not measure this: %(metric)s is given in %(usual)s.")
        raise ValidationError(said, params={"unit": unit_name(unit), "metric": metric, "usual": unit_name(usual)})
    return amount._replace(unit=unit)


def unit_name(code):
    return str(units.UNITS[code].name) or code
