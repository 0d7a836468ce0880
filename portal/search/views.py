"""The search page and its suggestions: Chinese or English, by kind, with a way on when nothing is found."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from clusters.models import ValueChain
from portal.cities.models import City
from portal.lib import spreadsheets
from portal.lib.queries import by_index
from portal.lib.templatetags.text import html_lang
from portal.lib.text import printable
from portal.publishing.lists import turned_to
from portal.publishing.models import Version
from portal.publishing.views import PublicPage, trail

from . import questions
from .finding import Found, Hit, Search
from .models import IndexText
from .snippets import marked, snippet

BEST = 3  # of each kind, while all kinds are shown
PAGE_SIZE = 20
MOST_FACETS = 8
MOST_SUGGESTED = 8
LONGEST_QUERY = 200


def read_query(request: Any) -> str:
    return printable(request.GET.get("q", ""), LONGEST_QUERY, instead=" ")


class Question:
    """What the address asks: words, and what the answer is narrowed to. What there is not narrows nothing."""

    def __init__(self, request: Any) -> None:
        get = request.GET.get
        self.query = read_query(request)
        self.kind = get("kind", "") if get("kind", "") in Version.kinds() else ""
        self.city = named(City, get("city", ""))
        self.chain = named(ValueChain, get("chain", ""))
        self.thing = Search(request.clock.at).thing(get("names", "")) if get("names") else None

    @property
    def marks(self) -> list[str]:
        found = [f"city{self.city.pk}"] if self.city else []
        found += [f"chain{self.chain.pk}"] if self.chain else []
        return found + ([self.thing.mark] if self.thing else [])

    @property
    def filters(self) -> dict[str, Any]:
        """{parameter of the address: what it narrows to}."""
        return {"city": self.city, "chain": self.chain, "names": self.thing}


def named(model: Any, slug: str) -> Any:
    return model.objects.filter(slug=slug).first() if slug and slug.isprintable() else None


class SearchPage(PublicPage, TemplateView):
    """Live versions saying `?q=`: the best of each kind, or all of `?kind=`."""

    template_name = "search/search.html"

    @method_decorator(by_index())
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        form = spreadsheets.asked(request)
        if form:
            return self.table(form)
        status, said = self.turned_to(request.GET.get("page") or "1")
        return self.render_to_response(self.get_context_data(**said), status=status)

    @cached_property
    def question(self) -> Question:
        return Question(self.request)

    @cached_property
    def found(self) -> Found:
        return self.search.answer(self.question.query)

    @cached_property
    def search(self) -> Search:
        return Search(self.clock.at, self.question.marks)

    @cached_property
    def sought(self) -> Any:
        return questions.sought(f"{self.question.query} {self.found.query}")

    def turned_to(self, number: str) -> tuple[int, dict[str, Any]]:
        """The status and what is shown: the page of a kind, or the best of each."""
        kind = self.question.kind
        if not kind or kind not in self.found.hits:
            return 200, {"groups": self.groups()}
        status, page, said = turned_to(Paginator(self.found.of(kind), PAGE_SIZE), number)
        if page is None:
            return status, {"error": said}
        return status, {"page_obj": page, "hits": self.shown(page.object_list)}

    def groups(self) -> list[dict[str, Any]]:
        """The best of each kind; first the kinds whose best says it in its title."""
        best = {kind: hits[:BEST] for kind, hits in self.found.hits.items()}
        rows = {row.pk: row for row in self.shown([hit for hits in best.values() for hit in hits])}
        groups = [
            {"kind": kind, "name": kinds_name(kind), "hits": [rows[hit.version] for hit in hits if hit.version in rows],
             "count": len(self.found.hits[kind]), "capped": kind in self.found.capped}
            for kind, hits in best.items()
        ]  # fmt: skip
        return sorted(groups, key=lambda group: not (group["hits"] and group["hits"][0].in_title))

    def shown(self, hits: list[Hit]) -> list[IndexText]:
        """The rows of these hits in their order, with what is printed of each."""
        rows = IndexText.objects.select_related("version__entry__city").defer("title", "body", "tags")
        found = rows.in_bulk([hit.version for hit in hits])
        return [self.printed(found[hit.version]) for hit in hits if hit.version in found]

    def printed(self, row: Any) -> IndexText:
        title = row.version.title
        said = {code: marked(words, self.sought) for code, words in title.items()}
        row.title_language = title.language()
        row.title_marked = said.get(row.title_language, "")
        row.in_title = any("<mark>" in words for words in said.values())
        row.snippet = snippet(row.said, self.sought, get_language() or "")
        return row

    def get_context_data(self, **said: Any) -> dict[str, Any]:
        found, question = self.found, self.question
        return super().get_context_data(
            query=question.query,
            kind=question.kind if question.kind in found.hits else "",
            found=found,
            kinds=[(kind, kinds_name(kind), len(hits), kind in found.capped) for kind, hits in found.hits.items()],
            total=sum(map(len, found.hits.values())),
            names=self.search.without_marks().named(question.query),
            chosen=[self.chosen(name, thing) for name, thing in question.filters.items() if thing],
            cities=[] if question.city else self.facet(City, found.cities(question.kind)),
            chains=[] if question.chain else self.facet(ValueChain, found.chains(question.kind)),
            elsewhere=self.elsewhere(),
            thing=question.thing,
            breadcrumbs=trail(_("Search")),
            **said,
        )

    def facet(self, model: Any, counts: Any) -> list[tuple[Any, int | None]]:
        """Where most of the hits are; not how many, where more were found than looked at."""
        if len(counts) < 2:
            return []
        exact = not self.found.capped & ({self.question.kind} if self.question.kind else {*self.found.hits})
        common = counts.most_common(MOST_FACETS)
        things = model.objects.in_bulk([key for key, _count in common])
        return [(things[key], count if exact else None) for key, count in common if key in things]

    def chosen(self, name: str, thing: Any) -> dict[str, str]:
        label = {"city": _("City: %(name)s"), "chain": _("Chain: %(name)s"), "names": _("Names: %(name)s")}[name]
        return {"label": label % {"name": thing.name}, "url": self.address(name)}

    def address(self, *without: str) -> str:
        asked = self.request.GET.copy()
        for name in ("page", *without):
            asked.pop(name, None)
        return f"?{asked.urlencode()}"

    def elsewhere(self) -> str:
        """The address without what it is narrowed to, where only that keeps it from finding what is asked."""
        narrowed = [name for name, thing in self.question.filters.items() if thing]
        node = questions.asked(self.question.query)
        if not narrowed or node is None or (self.found and not self.found.how):
            return ""
        return self.address(*narrowed) if self.search.without_marks().may_say(node) else ""

    def table(self, form: str) -> Any:
        """All that was found (of the kind asked for), the best first."""
        hits = self.found.of(self.question.kind)
        found = Version.objects.with_entry().in_bulk([hit.version for hit in hits])
        columns = [_("kind"), _("title"), _("city"), pgettext("of a page", "address")]
        rows = (
            [version.kind_name, str(version.title), str(version.city.name),
             self.request.build_absolute_uri(version.get_absolute_url())]
            for version in (found[hit.version] for hit in hits)
        )  # fmt: skip
        return spreadsheets.file(form, "search", columns, rows)


def kinds_name(kind: str) -> str:
    return str(Version.kinds()[kind]._meta.verbose_name_plural)


class Suggestions(PublicPage):
    """What a search begun with `?q=` may be after: names and titles, with their addresses."""

    @method_decorator(by_index())
    def get(self, request: Any) -> HttpResponse:
        query = read_query(request)
        search = Search(self.clock.at)
        things = search.named(query, 3)
        found = search.titled(query, MOST_SUGGESTED - len(things))
        rows = Version.objects.select_related("entry__city").in_bulk(found)
        items = [
            suggested(row, row.title, f"{row.kind_name} · {row.city.name}")
            for row in (rows[key] for key in found if key in rows)
        ]
        items += [suggested(thing, thing.name, thing.kind_name) for thing in things]
        return JsonResponse({"query": query, "items": items})


def suggested(thing: Any, name: Any, place: str) -> dict[str, str]:
    return {"label": str(name), "lang": html_lang(name.language()), "place": place, "url": thing.get_absolute_url()}
