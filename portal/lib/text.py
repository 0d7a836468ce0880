"""Text that exists in one or more languages, as one value and one column."""

from collections.abc import Iterable, Mapping
from typing import Any

from babel.lists import format_list
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields.json import KeyTransform
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from .dates import chinese, locale


def languages() -> list[tuple[str, str]]:
    """Choices of a language field: a callable, so that a new language needs no migration."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]


def language_codes() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def gap() -> str:
    """What stands between words, and after a mark such as a colon; Chinese marks bring their own."""
    return "" if chinese() else " "


def spaced(words: Iterable[str]) -> str:
    """Those of these words that are not empty, side by side."""
    return gap().join(filter(None, words))


def bracketed(words: object) -> str:
    """What stands in brackets after other words, with the space before it that the language wants."""
    return f"（{words}）" if chinese() else f" ({words})"


def printable(words: object, most: int | None = 80, instead: str = "") -> str:
    """What was typed or pasted, fit to be shown or written into a file: without signs that nobody sees."""
    return "".join(sign if sign.isprintable() else instead for sign in str(words))[:most].strip()


class Text(dict[str, str]):
    """What is said, by language code: `Text({"en": "Cells", "zh-hans": "电芯"})`. Empty texts are left out."""

    def __init__(self, value: Mapping[str, str] | str | None = None, **by_language: str) -> None:
        if isinstance(value, str):
            value = {settings.LANGUAGE_CODE: value}
        said = {**(value or {}), **by_language}
        super().__init__({code: words for code, words in said.items() if words})

    def language(self, wanted: str | None = None) -> str:
        """The language in which this can be read: the wanted one, else the first there is, else ""."""
        wanted = wanted or get_language() or settings.LANGUAGE_CODE
        if wanted in self:
            return wanted
        return next((code for code in language_codes() if code in self), "")

    def within(self, language: str | None = None) -> str:
        """The words in `language` (default: the reader's), else in the language there is."""
        return self.get(self.language(language), "")

    def __str__(self) -> str:
        return self.within()

    def __hash__(self) -> int:  # type: ignore[override]  # Django's choices and sets ask for it
        return hash(tuple(sorted(self.items())))


def listed(things: Iterable[Any], most: int | None = None) -> str:
    """ "cells, packs and storage"; beyond `most` they are counted: "cells, packs and 3 more"."""
    words = [str(thing) for thing in things]
    if most and len(words) > most + 1:
        more = len(words) - most
        words = [*words[:most], ngettext("%(count)d more", "%(count)d more", more) % {"count": more}]
    return format_list(words, locale=locale())


class TranslatedFormField(forms.MultiValueField):
    """One box a language, side by side; at least one must be filled when required."""

    def __init__(self, *, multiline: bool = False, max_length: int | None = None, **kwargs: Any) -> None:
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        fields = [forms.CharField(max_length=max_length, strip=True, required=False) for _code in language_codes()]
        kwargs["widget"] = TranslatedWidget(multiline=multiline)
        super().__init__(fields, require_all_fields=False, **kwargs)

    def clean(self, value: Any) -> Any:
        return super().clean([(words or "").strip() for words in value or []])

    def compress(self, data_list: list[str]) -> Text:
        return Text(dict(zip(language_codes(), data_list or [], strict=False)))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return Text(initial or {}) != self.compress([(words or "").strip() for words in data or []])


class TranslatedWidget(forms.MultiWidget):
    template_name = "components/translated_widget.html"

    def __init__(self, *, multiline: bool = False) -> None:
        def box(code: str) -> forms.Widget:
            attrs = {"lang": "zh-Hans" if code == "zh-hans" else code}
            return forms.Textarea(attrs={**attrs, "rows": 4}) if multiline else forms.TextInput(attrs=attrs)

        super().__init__({code: box(code) for code in language_codes()})

    def decompress(self, value: Any) -> list[str]:
        return [(value or {}).get(code, "") for code in language_codes()]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for box, (code, label) in zip(context["widget"]["subwidgets"], settings.LANGUAGES, strict=True):
            box["language"], box["language_name"] = code, label
            box["attrs"]["aria-label"] = f"{label}"
        reads = get_language()  # who writes Chinese begins there
        context["widget"]["subwidgets"].sort(key=lambda box: box["language"] != reads)
        return context


class TranslatedField(models.JSONField):
    """A column holding a `Text`. `multiline` chooses the box; `max_length` counts characters of one language."""

    def __init__(self, *args: Any, multiline: bool = False, max_length: int | None = 200, **kwargs: Any) -> None:
        self.multiline = multiline
        self.longest = None if multiline else max_length
        kwargs.setdefault("default", Text)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.multiline:
            kwargs["multiline"] = True
        elif self.longest != 200:
            kwargs["max_length"] = self.longest
        return name, path, args, kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        said = super().from_db_value(value, expression, connection)
        return said if isinstance(expression, KeyTransform) else Text(said)

    def to_python(self, value: Any) -> Text:
        return value if isinstance(value, Text) else Text(value)

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, str | Promise):
            value = Text(str(value))
        return super().get_prep_value(value)

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        for code, words in value.items():
            if code not in language_codes():
                raise ValidationError(_("“%(code)s” is not a language of this portal."), params={"code": code})
            if self.longest and len(words) > self.longest:
                raise ValidationError(
                    _("At most %(most)d characters, not %(count)d."),
                    params={"most": self.longest, "count": len(words)},
                )

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(
            self, form_class=TranslatedFormField, multiline=self.multiline, max_length=self.longest, **kwargs
        )
