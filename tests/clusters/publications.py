"""One of each kind of publication, in every state it can be in."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from clusters.models import (
    ClusterCompany,
    ClusterStage,
    Cost,
    Incentive,
    Plot,
    PolicyRecord,
    RankingEdition,
)
from portal.cities.models import City
from portal.facts.models import Citation
from portal.lib.text import Text
from portal.publishing.clock import database_now
from portal.publishing.models import Version
from portal.publishing.workflow import take
from tests import make

NEEDED = {
    PolicyRecord: lambda: {"nature": "plan"},
    RankingEdition: lambda: {"publisher": make.organisation("institute"), "edition": "2025"},
}
KINDS = ["city", "cluster", "project", "ceremony", "park", "policy", "ranking"]
HIDDEN = ["draft", "in_review", "discarded", "scheduled", "called_off", "withdrawn"]


def draft(kind: str, **said):
    model = Version.kinds()[kind]
    return make.draft(model, **NEEDED.get(model, dict)(), **said)


def live(kind: str, **said):
    return make.approved(draft(kind, **said))


def hide(version: Version, how: str) -> None:
    """Take a draft to a state in which nobody outside the office may see it."""
    writer, reviewer = make.office(version.city.slug)
    if how == "in_review":
        take("submit", version, by=writer)
    if how == "discarded":
        take("discard", version, by=writer, reason="a mistake")
    if how in ("scheduled", "called_off"):
        make.approved(version, at=database_now() + timedelta(days=1))
    if how == "called_off":
        take("call_off", version, by=reviewer, reason="not yet")
    if how == "withdrawn":
        make.approved(version)
        take("withdraw", version, by=reviewer, reason="wrong")


def stage(cluster, slug: str, *, wanted: bool = False, strength: str = "present"):
    return make.write(cluster, ClusterStage, link=make.link(slug), strength=strength, wanted=wanted)


def company(cluster, slug: str, **said):
    return make.write(cluster, ClusterCompany, organisation=make.organisation(slug), **said)


def cost(city, price: Any, **said):
    """A price, of electricity unless it says of what."""
    row = {"category": "electricity", "unit": "CNY/kWh", "price": Decimal(price)}
    return make.write(city, Cost, **row | said)


def plot(park, name: str = "A", **said):
    """On offer, and ten mu of land, unless it says otherwise."""
    return make.write(park, Plot, **{"kind": "land", "name": Text(name), "area": 10} | said)


def incentive(policy, name: str = "Grant", **said):
    return make.write(policy, Incentive, **{"kind": "cash", "name": Text(name)} | said)


def cite(figure, source):
    return make.write(figure.version, Citation, figure=figure, source=source)


def put_below_zibo(level: str) -> None:
    """Zaozhuang becomes a county-level city, and Zibo the province or the country that its prefecture lies in."""
    above = make.city("zibo")
    City.objects.filter(pk=above.pk).update(level=level)
    for code, between in enumerate(["province", "prefecture"][level == "province" :], 990000):
        above = City.objects.create(slug=between, code=code, name={"en": between.title()}, level=between, parent=above)
    City.objects.filter(pk=make.city().pk).update(level="county", parent=above)
