"""Data for tests, built only through the workflow, so that no test rests on a row that cannot exist.

The cast: ann edits Zaozhuang, rob reviews Zaozhuang, olga is its officer, lee its leader, ada administers its office;
eve edits and reviews Zibo; ivy is an investor and has no account.
"""

from decimal import Decimal
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator

from clusters.models import ChainLink, CityProfile, ClusterProfile, Industry, Organisation, ValueChain
from portal.cities.models import City, Invitation, Membership, User
from portal.facts.doubts import answer, doubts_in
from portal.facts.models import Figure, Metric, Source, Sourced
from portal.lib.text import Text
from portal.publishing.models import Part, Version
from portal.publishing.workflow import begin, editing, take
from portal.staff.notices import silence
from portal.staff.people import invite
from projects.models import CeremonyRecord, ProjectListing, StageEvent

CITIES = {"zaozhuang": ("370400", "枣庄"), "zibo": ("370300", "淄博")}
CAST = {
    "ann": ("zaozhuang", ["editor"]),
    "rob": ("zaozhuang", ["reviewer"]),
    "olga": ("zaozhuang", ["officer"]),
    "lee": ("zaozhuang", ["leader"]),
    "ada": ("zaozhuang", ["admin"]),
    "eve": ("zibo", ["editor", "reviewer", "officer"]),
    "zoe": ("zibo", ["editor", "reviewer"]),
}
PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of everybody's second factor


def city(slug: str = "zaozhuang") -> City:
    code, chinese = CITIES[slug]
    return City.objects.get_or_create(
        slug=slug,
        defaults={"name": Text({"en": slug.title(), "zh-hans": chinese}), "code": code, "level": "prefecture"},
    )[0]


def user(name: str) -> User:
    home, roles = CAST[name]
    found = User.objects.filter(username=name).first()
    if not found:
        found = User.objects.create_user(name, f"{name}@example.org", PASSWORD)
        for role in roles:
            Membership.objects.create(user=found, city=city(home), role=role)
        if {"reviewer", "leader", "admin"} & {*roles}:
            second_factor(found)
    return found


def superuser() -> User:
    root = User.objects.create_superuser("root", "root@example.org", PASSWORD)
    second_factor(root)
    return root


def second_factor(user: User) -> Authenticator:
    """Without it, who reviews or administers gets no further than the page that sets it up."""
    return Authenticator.objects.create(user=user, type="totp", data={"secret": get_adapter().encrypt(SECRET)})


def invitation(email: str = "secret@example.org", *roles: str) -> Invitation:
    """Ada's, to Zaozhuang."""
    said = {"email": email, "roles": list(roles or ["editor"]), "language": "en"}
    return invite(city(), by=user("ada"), **said)


def office(slug: str) -> tuple[User, User]:
    """Who writes and who approves there."""
    return (user("ann"), user("rob")) if slug == "zaozhuang" else (user("eve"), user("zoe"))


def industry(slug: str = "lithium-batteries") -> Industry:
    return Industry.objects.get_or_create(slug=slug, defaults={"name": Text(slug.replace("-", " ").title())})[0]


def link(slug: str = "cells") -> ChainLink:
    chain = ValueChain.objects.get_or_create(slug="lithium", defaults={"name": Text("Lithium chain")})[0]
    return ChainLink.objects.get_or_create(chain=chain, slug=slug, defaults={"order": 1, "name": Text(slug.title())})[0]


def organisation(slug: str = "sunwoda") -> Organisation:
    return Organisation.objects.get_or_create(slug=slug, defaults={"name": Text(slug.title())})[0]


def source(code: str = "release", **said: Any) -> Source:
    defaults = {"title": Text("A release"), "publisher": Text("A publisher"), "published": "2023-05-12"} | said
    return Source.objects.get_or_create(code=code, defaults=defaults)[0]


def metric(code: str = "enterprises", **said: Any) -> Metric:
    return Metric.objects.get_or_create(code=code, defaults={"name": Text(code), "unit": "enterprise"} | said)[0]


def draft(
    kind: type[Version] = CityProfile, *, at: str = "zaozhuang", slug: str = "", by: User | None = None, **said: Any
):
    """A draft by the city's editor."""
    defaults: dict[str, Any] = {"title": Text({"en": f"Title {slug or at}", "zh-hans": f"标题{slug or at}"})}
    if kind is ClusterProfile:
        defaults["industry"] = industry()
    if kind is CeremonyRecord:
        defaults |= {"type": "signing", "when": "2020-06-29", "source": source()}
    slug = slug or (at if kind is CityProfile else "one")
    return begin(kind, city=city(at), slug=slug, by=by or office(at)[0], **defaults | said)


def write(version: Version, part: type[Part], *, by: User | None = None, **said: Any) -> Part:
    """A row on the draft, through the one door for edits; what it states stands in the release unless it says where."""
    if issubclass(part, Sourced) and "source" not in said:
        said["source"] = source()
    with editing(version, by=by or office(version.city.slug)[0]) as locked:
        row = part(version=locked, **said)
        row.full_clean()
        row.save()
    return row


def figure(version: Version, value: Any = 100, *, by: User | None = None, **said: Any) -> Any:
    defaults: dict[str, Any] = {"unit": "enterprise", "basis": "achieved", "as_of": "2023-05-12"}
    defaults |= {"metric": metric(), "source": source()} | said
    return write(version, Figure, by=by, value_min=Decimal(value), **defaults)


def stage(version: Version, stage: int, **said: Any) -> Any:
    return write(version, StageEvent, **{"stage": stage, "source": source(), "when": "2023"} | said)


def revised(version: Version, *, by: User | None = None, **said: Any) -> Any:
    """The draft that follows a public version, by the city's editor; of itself it says this."""
    by = by or office(version.city.slug)[0]
    draft = take("revise", version, by=by)
    if said:
        with editing(draft, by=by) as draft:
            for name, value in said.items():
                setattr(draft, name, value)
            draft.save()
    return draft


def answer_doubts(version: Version, *, by: User) -> None:
    """As an office would whose source prints no year."""
    if Version.objects.get(pk=version.pk).open_doubts:
        with editing(version, by=by) as draft:
            for doubt in doubts_in(draft):
                answer(draft, doubt, reason="So it stands in the source.", by=by)


def approved(version: Version, **step: Any) -> Version:
    """Submitted by the editor, approved by the reviewer; nobody is told by mail."""
    writer, reviewer = office(version.city.slug)
    answer_doubts(version, by=writer)
    with silence():
        take("submit", version, by=writer)
        take("approve", version, by=reviewer, **step)
    return type(version)._base_manager.get(pk=version.pk)


def live(kind: type[Version] = CityProfile, **said: Any) -> Any:
    """A version that is public now."""
    return approved(draft(kind, **said))


def project(slug: str, **said: Any) -> Any:
    return live(ProjectListing, slug=slug, **said)
