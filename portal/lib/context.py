"""What every template may name: the site, the languages of this page, the sample mark."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_info

from .templatetags.text import html_lang
from .text import Text, language_codes

PARAMETER = "at"  # of an address, that names a day in the past


def site(request: HttpRequest) -> dict[str, Any]:
    language = get_language() or settings.LANGUAGE_CODE
    here, prefix = request.get_full_path(), f"/{language}/"
    rest = here.removeprefix(prefix) if here.startswith(prefix) else None
    translations = [
        {
            "code": code,
            "html_lang": html_lang(code),
            "name": get_language_info(code)["name_local"],
            "path": f"/{code}/{rest}",
            "is_current": code == language,
        }
        for code in (language_codes() if rest is not None else [])
    ]
    return {
        "SITE_NAME": Text(settings.SITE_NAME),
        "SEAL": seal_address(),
        "COLOURS": brand_address("colours"),
        "SAMPLE_MODE": settings.SAMPLE_MODE,
        "BASE_URL": settings.BASE_URL,
        "ICP_NUMBER": settings.ICP_NUMBER,
        "POLICE_NUMBER": settings.POLICE_NUMBER,
        "CONTACT_EMAIL": settings.CONTACT_EMAIL,
        "CONTACT_PHONE": settings.CONTACT_PHONE,
        "REPLY_DAYS": settings.INQUIRY_REPLY_WORKING_DAYS,
        "html_lang": html_lang(language),
        "og_locale": "zh_CN" if language == "zh-hans" else "en_GB",
        "as_of": getattr(getattr(request, "clock", None), "as_of", None),
        "translations": translations,
        "present": address_now(request),
        "canonical": absolute(f"{request.path}{page_of(request)}"),
    }


def seal_address() -> str:
    return brand_address("seal") or static("img/seal.svg")


def brand_address(beginning: str) -> str:
    name = settings.BRAND.address_of(beginning)
    return reverse("brand", args=[name]) if name else ""


def page_of(request: HttpRequest) -> str:
    """The part of the query that makes a page its own: a later page of a list, not a filter of it."""
    number = request.GET.get("page", "")
    return f"?page={number}" if number.isdecimal() and number.isascii() and number != "1" else ""


def absolute(path: str) -> str:
    """Where it is for who is not here: in files, mails and codes."""
    return f"{settings.BASE_URL}{path}" if path.startswith("/") else path


def address_now(request: HttpRequest) -> str:
    """The address of this page without a day in the past."""
    query = request.GET.copy()
    query.pop(PARAMETER, None)
    return f"{request.path}?{query.urlencode()}" if query else request.path
