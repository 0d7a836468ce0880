"""What search engines are told: every public page in every language, and when it last changed."""

from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from clusters.models import ValueChain
from portal.lib.context import absolute
from portal.publishing.clock import Clock
from portal.publishing.models import Version

from .organisations import named


class Translated(Sitemap):
    """Addresses stand under BASE_URL whatever host was asked, and x-default is what the pages' heads say."""

    i18n = True
    alternates = True
    limit = 40_000  # addresses; a file may hold 50,000, and the pages come on top

    @property
    def protocol(self) -> str:  # type: ignore[override]
        return urlsplit(settings.BASE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.BASE_URL).netloc

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        urls = super().get_urls(page, site, protocol)
        for url in urls:
            default = next(other for other in url["alternates"] if other["lang_code"] == settings.LANGUAGE_CODE)
            url["alternates"].append({**default, "lang_code": "x-default"})
        return urls


#: Public pages that are no entry's, by the names of their addresses.
FURTHER = ["chain-list", "supplier-list", "organisation-list", "ledger", "costs", "about", "privacy", "api-docs"]


class Pages(Translated):
    def items(self) -> list[str]:
        return ["home", *(f"{kind}-list" for kind in Version.kinds()), *FURTHER]

    def location(self, item: str) -> str:
        return reverse(item)


class Entries(Translated):
    """Everything published, or what is of one kind."""

    def __init__(self, kind: str = "") -> None:
        self.kind = kind

    def items(self) -> Any:
        live = Version.objects.live(Clock.recent().at).select_related("entry__city")
        live = live.of_kind(self.kind) if self.kind else live
        return live.order_by("entry__kind", "entry__city__code", "entry__slug")

    def lastmod(self, item: Version) -> Any:
        return item.live_from


class Chains(Translated):
    """Each value chain and each of its stages."""

    def items(self) -> list[str]:
        chains = ValueChain.objects.prefetch_related("links").order_by("slug")
        stages = [("chain-stage", [chain.slug, link.slug]) for chain in chains for link in chain.links.all()]
        return [("chain-detail", [chain.slug]) for chain in chains] + stages  # type: ignore[misc]

    def location(self, item: Any) -> str:
        name, where = item
        return reverse(name, args=where)


class Organisations(Translated):
    def items(self) -> Any:
        return named(Clock.recent().at).order_by("slug").values_list("slug", flat=True)

    def location(self, item: str) -> str:
        return reverse("organisation-detail", args=[item])


OTHERS = {"pages": Pages, "chains": Chains, "organisations": Organisations}
#: One a kind, so that a robot that has read the projects need not read the cities again.
PARTS: dict[str, Any] = {
    **OTHERS,
    **{kind: partial(Entries, kind) for kind in Version.kinds()},
}
FITS = 10_000  # entries: with each language an address of its own, a file of some 5 MB


def sitemap(request: HttpRequest) -> HttpResponse:
    """Everything in one file while that fits, else an index of the parts."""
    live = Version.objects.live(Clock.recent().at)
    if live.count() <= FITS:
        return views.sitemap(request, {**OTHERS, "entries": Entries})
    changed = dict(live.order_by().values_list("entry__kind").annotate(Max("live_from")))
    addresses = [
        {"location": absolute(reverse("sitemap-part", args=[name]) + page), "last_mod": changed.get(name)}
        for name, make in PARTS.items()
        for page in pages(make().paginator.num_pages)
    ]
    context = {"sitemaps": addresses}
    return TemplateResponse(request, "sitemap_index.xml", context, content_type="application/xml")


def pages(count: int) -> list[str]:
    return ["", *(f"?p={number}" for number in range(2, count + 1))]


def part(request: HttpRequest, section: str) -> HttpResponse:
    return views.sitemap(request, PARTS, section)
