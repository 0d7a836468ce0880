"""A city with something of everything, and its brief."""

from clusters.models import ClusterCompany, ClusterProfile, ClusterStage, ParkProfile, PolicyRecord
from portal.briefs.asking import ask
from portal.facts.models import Claim
from portal.lib.text import Text
from portal.publishing.clock import database_now
from projects.models import CeremonyRecord, Participation, ProjectListing, SignedProject
from tests import make


def words(english, chinese):
    return Text({"en": english, "zh-hans": chinese})


def city(**said):
    """Zaozhuang with one public version of each kind."""
    profile = make.draft(summary=words("A city of lithium.", "一座锂电之城。"), **said)
    make.figure(
        profile,
        117,
        key=True,
        quote="增至117家",
        metric=make.metric("enterprises", name=words("enterprises", "企业数")),
    )
    make.figure(profile, 800, basis="target", key=True, metric=make.metric("output", name=words("output", "产值")))
    make.write(
        profile,
        Claim,
        kind="slogan",
        text=words("Capital of lithium", "锂电之都"),
        attributed_to=words("the city", "枣庄市"),
        source=make.source(),
    )
    profile = make.approved(profile)
    cluster()
    make.live(ParkProfile, slug="high-tech")
    make.live(PolicyRecord, slug="plan", nature="plan")
    project()
    ceremony()
    return profile.city


def cluster():
    draft = make.draft(ClusterProfile)
    stage = make.write(draft, ClusterStage, link=make.link(), strength="strong", wanted=True, source=make.source())
    company = {"organisation": make.organisation(), "role": "anchor", "stage": stage}
    make.write(draft, ClusterCompany, source=make.source(), **company)
    return make.approved(draft)


def project(slug="cells", **said):
    draft = make.draft(ProjectListing, slug=slug, **said)
    make.stage(draft, 40, when="2021-12-14")
    make.stage(draft, 70, when="2023-08-28")
    investment = make.metric("total-investment", name=words("total investment", "总投资"), unit="CNY")
    make.figure(draft, 20_000_000_000, metric=investment, unit="CNY", basis="agreed")
    return make.approved(draft)


def ceremony():
    draft = make.draft(CeremonyRecord, declared_count=10)
    make.write(draft, SignedProject, title=words("Cells", "电芯"), amount=5_000_000_000, source=make.source())
    make.write(draft, Participation, name=words("Chen Ping", "陈平"), roles=["speak"], source=make.source())
    return make.approved(draft)


def brief(language="en", of=None):
    return ask(of or city(), language, database_now())
