"""A cluster's value chain as a reader sees it: every stage of the chain in order, with what the cluster has there."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from .models import ChainLink, ClusterCompany, ClusterProfile, ClusterStage


class Stop(NamedTuple):
    """One stage of the chain; no `stage` when no source says anything about it."""

    link: ChainLink
    stage: ClusterStage | None
    companies: list[ClusterCompany]

    @property
    def state(self) -> str:
        if not self.stage:
            return "unknown"
        return "wanted" if self.stage.wanted else self.stage.strength

    @property
    def state_label(self) -> str:
        if not self.stage:
            return _("nothing published")
        strength = str(self.stage.get_strength_display())
        return _("%(strength)s · investment wanted") % {"strength": strength} if self.stage.wanted else strength


class Chain(NamedTuple):
    name: str
    stops: list[Stop]


def chains_of(version: ClusterProfile) -> list[Chain]:
    """The chains this cluster has stages of, whole, so that what is missing shows."""
    stages = {stage.link_id: stage for stage in version.stages.all()}
    companies = list(version.companies.all())
    named = {stage.link.chain_id for stage in stages.values()}
    links = ChainLink.objects.filter(chain__in=named).select_related("chain").order_by("chain", "order")
    chains: dict[str, Chain] = {}
    for link in links:
        stage = stages.get(link.pk)
        there = [company for company in companies if stage and company.stage_id == stage.pk]
        chains.setdefault(link.chain.slug, Chain(str(link.chain), [])).stops.append(Stop(link, stage, there))
    return list(chains.values())
