"""How lists of cities, clusters, parks, policies and rankings are narrowed."""

from django.utils.translation import gettext as _

from portal.publishing.filters import UNKNOWN, Choice, names_of

from .models import ChainLink, Industry

NONE = "0"  # what stands for a key where a row has none


def industries():
    return [*names_of(Industry), Choice(UNKNOWN, _("industry not stated"), NONE)]


def chain_links():
    rows = ChainLink.objects.select_related("chain").order_by("chain__slug", "order")
    known = [Choice(f"{row.chain.slug}.{row.slug}", f"{row.name} ({row.chain.name})", str(row.pk)) for row in rows]
    return [*known, Choice(UNKNOWN, _("place in a chain not stated"), NONE)]
