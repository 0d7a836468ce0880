"""A cluster's value chain as a reader sees it: every stage of the chain in order, with what the cluster has there."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.lib.text import listed, spaced

from .findings import within
from .models import ChainLink, ClusterCompany, ClusterProfile, ClusterStage


class Stop(NamedTuple):
    """One stage of the chain; no `stage` when no source says anything about it."""

    link: ChainLink
    stage: ClusterStage | None
    companies: list[ClusterCompany]

    @property
    def state(self) -> str:
        return self.stage.strength if self.stage else "unknown"

    @property
    def wanted(self) -> bool:
        return bool(self.stage and self.stage.wanted)

    @property
    def is_open(self) -> bool:
        """Whether the cluster lacks it or asks for it: where a newcomer should look first."""
        return self.wanted or self.state == ClusterStage.Strength.GAP

    @property
    def state_label(self) -> str:
        if not self.stage:
            return _("nothing published")
        strength = str(self.stage.get_strength_display())
        return _("%(strength)s · investment wanted") % {"strength": strength} if self.stage.wanted else strength

    @property
    def url(self) -> str:
        """The page of this stage in all cities; "" where it is only shown how it would look."""
        return stage_url(self.link) if self.link.pk else ""


class Chain(NamedTuple):
    slug: str
    name: str
    stops: list[Stop]

    @property
    def finding(self) -> str:
        return spaced(findings(self.stops))

    @property
    def open_stops(self) -> list[Stop]:
        return [stop for stop in self.stops if stop.is_open]


def findings(stops: list[Any]) -> Iterator[str]:
    """What the drawing shows, in words: where companies are named, what is missing, what is wanted."""
    named, stages = sum(bool(stop.companies) for stop in stops), len(stops)
    if not named:
        yield _("No company is named yet on any stage of the chain.")
    elif named == stages:
        yield _("Companies are named on every stage of the chain.")
    else:
        yield _("Companies are named on %(named)d of %(stages)d stages.") % {"named": named, "stages": stages}
    yield from openings(stops)


def openings(stops: list[Any]) -> Iterator[str]:
    wanted = [within(stop.link) for stop in stops if stop.wanted]
    gaps = [within(stop.link) for stop in stops if stop.is_open and not stop.wanted]
    if gaps:
        yield _("Missing: %(stages)s.") % {"stages": listed(gaps, most=4)}
    if wanted:
        yield _("Investment is wanted in: %(stages)s.") % {"stages": listed(wanted, most=4)}


def stage_url(link: ChainLink) -> str:
    return reverse("chain-stage", args=[link.chain.slug, link.slug])


def chains_of(version: ClusterProfile) -> list[Chain]:
    """The chains this cluster has stages of, whole, so that what is missing shows."""
    stages = {stage.link_id: stage for stage in version.stages.all()}
    companies: dict[int | None, list[ClusterCompany]] = {}
    for company in version.companies.all():
        companies.setdefault(company.stage_id, []).append(company)
    for named in companies.values():
        named.sort(key=lambda row: row.role != row.Role.ANCHOR)
    drawn = {stage.link.chain_id for stage in stages.values()}
    links = ChainLink.objects.filter(chain__in=drawn).select_related("chain__industry__parent")
    chains: dict[str, Chain] = {}
    for link in links.order_by("chain__slug", "order", "pk"):
        stage = stages.get(link.pk)
        if stage:
            stage.link = link  # with its chain
        there = companies.get(stage.pk, []) if stage else []
        chain = chains.setdefault(link.chain.slug, Chain(link.chain.slug, str(link.chain), []))
        chain.stops.append(Stop(link, stage, there))
    return list(chains.values())


def chain_table(chains: list[Chain]) -> tuple[list[str], Iterator[list[str]]]:
    """The chains as columns and rows for a file: a line a company, and one a stage without any."""
    columns = [
        _("Chain"), pgettext("of a chain", "Stage"), _("Strength"), _("Investment wanted"), _("Products"), _("Note"),
        _("Company"), _("Role"), _("Source"),
    ]  # fmt: skip
    return columns, (line for chain in chains for stop in chain.stops for line in stop_lines(chain, stop))


def stop_lines(chain: Chain, stop: Stop) -> Iterator[list[str]]:
    stage = stop.stage
    wanted = (_("yes") if stop.wanted else _("no")) if stage else ""
    strength = str(stage.get_strength_display()) if stage else _("nothing published")
    said = [chain.name, str(stop.link), strength, wanted]
    said += [str(stage.products), str(stage.note)] if stage else ["", ""]
    yield from company_lines(said, stage, stop.companies)


def company_lines(
    said: list[str], stage: ClusterStage | None, companies: Any, words: Callable[[Any], str] = str
) -> Iterator[list[str]]:
    """What is said of a stage, with each of its companies."""
    for row in companies:
        yield [*said, words(row.organisation), str(row.get_role_display()), words(row.source)]
    if not companies:
        yield [*said, "", "", words(stage.source) if stage else ""]
