"""What a page says to machines in its head: schema.org, as JSON-LD.

Each kind of publication says what it is in `DESCRIBED[kind]`, a function of its version; the rest is common.
"""

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from portal.lib.context import absolute
from portal.lib.templatetags.text import html_lang
from portal.lib.text import Text

from .models import Version

#: What a version is about, by kind: {"city": function of the version}. Each app adds its own.
DESCRIBED: dict[str, Callable[[Any], dict[str, Any]]] = {}

#: As JSON inside a <script> must be written: no "</script>" and no "<!--" may come of it.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def script(things: list[dict[str, Any]]) -> SafeString:
    said = {"@context": "https://schema.org", "@graph": filled(things)}
    words = json.dumps(said, ensure_ascii=False).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(words))


def of_version(version: Version, breadcrumbs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The page, what it is about, and the way to it."""
    address = absolute(version.get_absolute_url())
    about = {"@id": f"{address}#about", "name": str(version.title), **described(version)}
    return [page(version, address, about["@id"]), about, trail(breadcrumbs, address)]


def described(version: Version) -> dict[str, Any]:
    describe = DESCRIBED.get(version.entry.kind)
    return describe(version) if describe else {"@type": "Thing"}


def page(version: Version, address: str, about: str) -> dict[str, Any]:
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "@type": "WebPage",
        "@id": address,
        "url": address,
        "name": str(version.title),
        "description": str(version.summary),
        "inLanguage": html_lang(language),
        "dateModified": version.live_from.isoformat() if version.live_from else "",
        "version": version.number,
        "mainEntity": {"@id": about},
        "isPartOf": {"@id": f"{settings.BASE_URL}/#site"},
        "publisher": publisher(),
    }


def trail(breadcrumbs: list[dict[str, Any]], address: str) -> dict[str, Any]:
    steps = [
        {"@type": "ListItem", "position": place, "name": str(crumb["label"]), "item": item(crumb) or address}
        for place, crumb in enumerate(breadcrumbs, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def item(crumb: dict[str, Any]) -> str:
    return absolute(str(crumb.get("url") or ""))


def website() -> dict[str, Any]:
    """The portal itself, and how it is searched."""
    search = f"{absolute(reverse('search'))}?q={{search_term_string}}"
    return {
        "@type": "WebSite",
        "@id": f"{settings.BASE_URL}/#site",
        "url": f"{settings.BASE_URL}/",
        "name": str(Text(settings.SITE_NAME)),
        "publisher": publisher(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=search_term_string",
        },
    }


def publisher() -> dict[str, Any]:
    contact = {"email": settings.CONTACT_EMAIL, "telephone": settings.CONTACT_PHONE}
    point = {"@type": "ContactPoint", "contactType": "customer service", **contact}
    return {
        "@type": "Organization",
        "@id": f"{settings.BASE_URL}/#publisher",
        "name": str(Text(settings.SITE_NAME)),
        "url": f"{settings.BASE_URL}/",
        "contactPoint": point if any(contact.values()) else None,
    }


def place(city: Any) -> dict[str, Any]:
    """A city as the place where something is."""
    return {
        "@type": "City",
        "name": str(city.name),
        "identifier": city.code,
        "containedInPlace": {"@type": "AdministrativeArea", "name": str(city.parent.name)} if city.parent else None,
    }


def filled(said: Any) -> Any:
    """Without what is empty at any depth: what is not published is not said."""
    if isinstance(said, dict):
        within = {name: filled(value) for name, value in said.items()}
        return {name: value for name, value in within.items() if value not in (None, "", [], {})}
    return [filled(one) for one in said] if isinstance(said, list) else said
