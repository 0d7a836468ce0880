"""How a `Text` is printed: in the reader's language, or marked as being in another."""

from django import template
from django.utils.html import conditional_escape, format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from portal.lib import text as texts
from portal.lib.text import Text

register = template.Library()

HTML_LANG = {"zh-hans": "zh-Hans"}
ONLY_IN = {"en": lambda: _("in English only"), "zh-hans": lambda: _("in Chinese only")}


def html_lang(code: str) -> str:
    return HTML_LANG.get(code, code)


def in_its_language(value: Text, body: str, tag: str = "span") -> SafeString:
    shown = value.language()
    if shown == get_language():
        return mark_safe(body)
    return format_html(
        '<{} lang="{}">{}</{}> <span class="only-in">{}</span>', tag, html_lang(shown), body, tag, ONLY_IN[shown]()
    )


@register.simple_tag
def text(value: Text | str | None) -> SafeString | str:
    """One line. Empty when nothing is said in any language; words of our own are in the reader's."""
    if not isinstance(value, Text):
        return str(value or "")
    return in_its_language(value, conditional_escape(value.within())) if value else ""


@register.simple_tag
def paragraphs(value: Text | None) -> SafeString | str:
    """Text with its line breaks as paragraphs."""
    return in_its_language(value, mark_safe(linebreaks(value.within(), autoescape=True)), tag="div") if value else ""


@register.filter
def within(value: Text | None, language: str) -> str:
    """The words in that language only: {{ city.title|within:"zh-hans" }} is empty when there are none."""
    return (value or Text()).get(language, "")


@register.simple_tag
def plain(value: Text | None) -> str:
    """The words without any mark, for titles and attributes."""
    return str(value or "")


@register.simple_block_tag
def bracketed(content: SafeString) -> SafeString:
    """{% bracketed %}2023{% endbracketed %} after other words: （2023） or, with a space before it, (2023)."""
    return mark_safe(texts.bracketed(content))


@register.simple_tag
def comma() -> str:
    return pgettext("between names", ", ")


@register.simple_tag
def list_comma() -> str:
    """Between things of one kind, which Chinese sets apart from parts of a sentence: 枣庄、宜宾."""
    return pgettext("between things of one kind", ", ")


@register.simple_tag
def semicolon() -> str:
    return pgettext("between names", "; ")


@register.simple_tag
def colon() -> str:
    return pgettext("between two names", ": ")


register.simple_tag(texts.gap)
register.filter("html_lang", html_lang)
