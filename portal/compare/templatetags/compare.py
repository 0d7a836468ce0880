"""The cells of a comparison, drawn without a template: five cities are three hundred of them."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.compare.lining import Cell, Row, Statement
from portal.facts.models import Figure, Source
from portal.lib.templatetags.text import html_lang, text
from portal.lib.templatetags.ui import firmness, measured, per_mille
from portal.lib.text import gap

register = template.Library()
NOTHING = SafeString("")
BAR = (
    '<svg class="compare-bar" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">'
    '<rect width="{}" height="8"/></svg>'
)


@register.simple_tag
def drawing() -> "Drawing":
    return Drawing()


@register.simple_tag
def draw(drawing: "Drawing", row: Row, cell: Cell) -> SafeString:
    return drawing.cell(row, cell)


class Drawing:
    """Draws the cells of one page; what it says or looks up again and again it asks for once."""

    def __init__(self) -> None:
        self.ask, self.not_published = pgettext("ask an office", "ask"), _("not published")
        self.details, self.reported = _("– source and details"), _("As reported")
        self.source_label, self.when_label, self.note = _("Source"), _("When"), _("Note")
        self.more, self.reason, self.one_park = _("More on its page"), _("Not side by side:"), _("in one park")
        self.tax, self.not_stated, self.until = _("Tax"), _("not stated"), _("Valid until")
        self.between, self.colon = pgettext("between names", ", "), pgettext("between two names", ": ")
        self.sources: dict[tuple[int, str], SafeString] = {}
        self.whens: dict[str, str] = {}

    def cell(self, row: Row, cell: Cell) -> SafeString:
        kind = "is-best" if cell.is_best else "is-apart" if cell.reason else ""
        whose, inside = cell.thing.name, self.inside(row, cell)
        return format_html('<td class="{}"><span class="whose">{}</span>{}</td>', kind, whose, inside)

    def inside(self, row: Row, cell: Cell) -> SafeString:
        if cell.is_empty:
            return self.nothing(row, cell)
        if cell.lines:
            return self.lines(cell)
        parts = [self.number(cell, one) for one in cell.statements]
        if cell.is_beside and row.most and row.is_beside:
            parts.append(format_html(BAR, per_mille(cell.value, row.most)))
        if cell.is_best:
            low = " is-low" if row.better == "less" else ""
            parts.append(format_html('<span class="mark{}">{}</span>', low, row.best))
        elif cell.apart:
            parts.append(format_html('<span class="meta">{}</span>', cell.apart))
        if cell.reason:
            parts.append(format_html('<span class="why">{}{}{}</span>', self.reason, gap(), cell.reason))
        return SafeString("".join(parts))

    def nothing(self, row: Row, cell: Cell) -> SafeString:
        if row.is_words:
            return format_html('<span class="nothing">{}</span>', self.not_published)
        asking = '<span class="nothing">{} · <a href="{}">{}<span class="visually-hidden">{}{}{}{}</span></a></span>'
        return format_html(
            asking,
            self.not_published,
            cell.thing.ask_url,
            self.ask,
            self.colon,
            cell.thing.name,
            self.between,
            row.label,
        )

    def lines(self, cell: Cell) -> SafeString:
        drawn = format_html_join("", "<li>{}{}</li>", map(line_of, cell.lines))
        return format_html('<ul class="compare-lines">{}</ul>', drawn)

    # Numbers ----------------------------------------------------------------------------------------------------------

    def number(self, cell: Cell, said: Statement) -> SafeString:
        if isinstance(said.row, Figure):
            inside = self.figure(cell, said.row)
        elif said.row is not None:
            inside = self.priced(said)
        else:
            inside = format_html('<a class="number" href="{}">{}</a>', said.url, said.words)
        return format_html('<div class="said">{}</div>', inside)

    def figure(self, cell: Cell, figure: Figure) -> SafeString:
        """As components/figure.html, without what only its own page tells: earlier values, parts, further citations."""
        what, basis, when = text(figure.metric.name), figure.get_basis_display(), self.when(figure.when)
        doubt = figure.get_verification_display() if figure.verification == "disputed" else ""
        facts = [
            (self.reported, quoted(figure)),
            (self.when_label, when),
            (self.note, text(figure.note)),
            (self.source_label, self.source(figure)),
        ]
        more = format_html('<p><a href="{}#figures">{}</a></p>', cell.thing.url, self.more)
        opened = self.opened(figure.basis, figure.bare_amount, what, facts, figure.qualifier_words, more)
        badge = format_html(' <span class="badge is-warning">{}</span>', doubt) if doubt else ""
        mark = '{} <span class="basis basis-{}">{}</span>{} <span class="meta">{}</span>'
        return format_html(mark, opened, figure.basis, basis, badge, when)

    def priced(self, said: Statement) -> SafeString:
        """A price, a plot or a way."""
        row, is_cost = said.row, hasattr(said.row, "category")
        what, beside = self.what(row, is_cost)
        facts = [
            (self.reported, quoted(row)),
            (self.tax, (row.get_tax_display() if row.tax else self.not_stated) if is_cost else ""),
            (self.until, self.when(row.valid_until)),
            (self.note, text(row.note)),
            (self.source_label, self.source(row)),
        ]
        opened = self.opened("achieved", said.words, what, facts)
        return format_html('{} <span class="meta">{}</span>', opened, beside) if beside else opened

    def what(self, row: Any, is_cost: bool) -> tuple[SafeString, Any]:
        """What it is, on its card; and in the cell what tells it from its neighbours."""
        if hasattr(row, "destination"):
            where = text(row.destination)
            return format_html("{}{}{}", capfirst(row.get_mode_display()), self.colon, where), where
        if not is_cost:
            return format_html("{}{}{}", text(row.name), self.between, row.size), ""
        named = [capfirst(row.get_category_display()), text(row.what)]
        beside = [self.one_park if row.park_id else "", self.when(row.valid_from)]
        joined = format_html_join(self.colon, "{}", ((words,) for words in named if words))
        return joined, self.between.join(filter(None, beside))

    def opened(
        self, basis: str, amount: str, what: Any, facts: list[tuple[Any, Any]], qualifier: str = "", more: Any = ""
    ) -> SafeString:
        """A number that opens to what it rests on."""
        before = format_html('<span class="qualifier">{}</span> ', qualifier) if qualifier else ""
        listed = format_html_join("", "<dt>{}</dt><dd>{}</dd>", ((name, said) for name, said in facts if said))
        return format_html(
            '<details class="figure {}" name="figure"><summary>{}<span class="number">{}</span>'
            '<span class="visually-hidden">{}</span></summary>'
            '<div class="figure-card"><p class="what">{}</p><dl>{}</dl>{}</div></details>',
            firmness(basis), before, measured(amount), self.details, what, listed, more,
        )  # fmt: skip

    def when(self, date: Any) -> str:
        if date not in self.whens:
            self.whens[date] = date.words
        return self.whens[date]

    def source(self, row: Any) -> SafeString:
        known = (row.source_id, row.locator)
        if known not in self.sources:
            self.sources[known] = self.document(row.source, row.locator)
        return self.sources[known]

    def document(self, source: Source, locator: str) -> SafeString:
        title = text(source.title)
        if source.url:
            title = format_html('<a href="{}" rel="noopener external">{}</a>', source.url, title)
        parts = [title, text(source.publisher), self.when(source.published), locator]
        return format_html_join(self.between, "{}", ((part,) for part in parts if part))


def line_of(line: Any) -> tuple[Any, Any]:
    words = text(line.words)
    if line.tone:
        words = format_html('<span class="badge is-{}">{}</span>', line.tone, words)
    elif line.url:
        words = format_html('<a href="{}">{}</a>', line.url, words)
    return words, format_html(' <span class="meta">{}</span>', text(line.note)) if line.note else NOTHING


def quoted(row: Any) -> SafeString | str:
    return format_html('<q lang="{}">{}</q>', html_lang(row.source.language), row.quote) if row.quote else ""
