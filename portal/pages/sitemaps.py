"""What search engines are told: every public page in every language, and when it last changed."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from portal.publishing.models import Version


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


class Pages(Translated):
    def items(self) -> list[str]:
        return ["home", *(f"{kind}-list" for kind in Version.kinds()), "about", "privacy"]

    def location(self, item: str) -> str:
        return reverse(item)


class Entries(Translated):
    """Everything published, of every kind."""

    def items(self) -> Any:
        return Version.objects.live().with_entry().order_by("entry__kind", "entry__city__code", "entry__slug")

    def lastmod(self, item: Version) -> Any:
        return item.live_from


SITEMAPS = {"pages": Pages, "entries": Entries}
