"""Makes as much content as a province has, to measure on. The words are made up and say so; never for production."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.models import Model

from clusters.models import (
    ChainLink,
    CityIndustry,
    CityProfile,
    ClusterCompany,
    ClusterProfile,
    ClusterStage,
    Contact,
    Cost,
    Incentive,
    Industry,
    LogisticsLink,
    Organisation,
    ParkIndustry,
    ParkProfile,
    Plot,
    PolicyRecord,
)
from portal.cities.models import City, Membership, User
from portal.facts.models import Figure, Metric, Source
from portal.lib.text import Text
from portal.publishing.clock import database_now
from portal.publishing.models import Counter, Entry, Event, Hand, Part, Translation, Version
from projects.models import (
    CeremonyRecord,
    Participation,
    Progress,
    ProjectListing,
    ProjectParty,
    SignedProject,
    Stage,
    StageEvent,
)

BATCH = 5_000
#: {role: who holds it}: in one city, or "all" in every city.
PEOPLE = {
    "load-editor": "one",
    "load-reviewer": "one",
    "load-leader": "all",
    "load-writer": "all",
    "load-checker": "all",
}
ROLES = {
    "load-editor": "editor", "load-reviewer": "reviewer", "load-leader": "leader",
    "load-writer": "editor", "load-checker": "reviewer",
}  # fmt: skip
STAGES = [stage for stage in Stage if stage >= Stage.SIGNED]
INVESTMENT = "total-investment"
ORGANISATIONS = 12  # of each city
SIGNED = 30  # projects of a city's ceremony, at most
#: How many of each a city has besides its projects, and what their rows cannot be without.
BESIDE = {ClusterProfile: 2, ParkProfile: 3, PolicyRecord: 3}
NEEDED = {
    PolicyRecord: {"nature": "incentive", "in_force": "2023/.."},
    CeremonyRecord: {"type": "signing", "when": "2025-06-18", "declared_count": SIGNED},
}
#: A price as (category, unit, less than).
PRICES = [
    ("land", "CNY/mu", 900_000), ("electricity", "CNY/kWh", 3), ("electricity", "CNY/kWh", 3), ("water", "CNY/m3", 9),
    ("sewage", "CNY/m3", 9), ("gas", "CNY/m3", 9), ("steam", "CNY/t", 400), ("waste", "CNY/t", 4_000),
    ("wages", "CNY/month", 20_000), ("insurance", "CNY/month", 5_000), ("freight", "CNY/t/km", 9),
]  # fmt: skip
IN_WORK_EVERY = 50  # one project in so many has its last version in work


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--cities", type=int, default=100)
        parser.add_argument("--projects", type=int, default=10_000)
        parser.add_argument("--versions", type=int, default=4, help="of each project")
        parser.add_argument("--figures", type=int, default=10, help="of each version")
        parser.add_argument("--searchable", action="store_true", help="index it for the search too: takes minutes")

    @transaction.atomic
    def handle(self, *, cities, projects, versions, figures, searchable, **options):
        if not settings.SAMPLE_MODE:
            raise CommandError("Made-up content is for SAMPLE_MODE only.")
        self.random, self.now, self.figures = Random(1), database_now(), figures  # noqa: S311
        self.industries, self.metrics = list(Industry.objects.all()), list(Metric.objects.all())
        self.links, self.investment = list(ChainLink.objects.all()), Metric.objects.filter(code=INVESTMENT).first()
        if not self.industries or not self.metrics:
            raise CommandError("There are no industries or metrics yet: run load_samples first.")
        before = City.objects.filter(slug__startswith="load-").count()  # asked again, it adds more
        places = [self.city(before + number) for number in range(cities)]
        self.people = {name: self.person(name, places) for name in PEOPLE}
        self.sources = {place.pk: self.source(place) for place in places}
        profiles = self.entries(CityProfile, places)
        self.companies = {place.pk: self.organisations(place) for place in places}
        self.wave(CityProfile, profiles, 1, 1)
        entries = {kind: self.entries(kind, places * count) for kind, count in BESIDE.items()}
        self.parks = by_city(entries[ParkProfile])
        for kind, made in entries.items():
            self.wave(kind, made, 1, 1)
        listed = self.entries(ProjectListing, [places[number % cities] for number in range(projects)])
        for number in range(1, versions + 1):
            self.wave(ProjectListing, listed, number, versions)
        self.projects = by_city(listed)
        self.wave(CeremonyRecord, self.entries(CeremonyRecord, places), 1, 1)
        Progress.note(ProjectListing.objects.filter(state="approved", progress=None))
        Counter.tick()
        if searchable:
            call_command("rebuild_search", verbosity=0)
        self.stdout.write(f"{Version.objects.count()} versions, {Figure.objects.count()} figures")

    # Places and people ------------------------------------------------------------------------------------------------

    def city(self, number: int) -> City:
        slug, name = f"load-{number}", Text({"en": f"Load city {number}", "zh-hans": f"测试城市{number}"})
        return City.objects.create(slug=slug, name=name, level="prefecture", code=f"8{number:05}")

    def person(self, name: str, places: list[City]) -> User:
        person, is_new = User.objects.get_or_create(username=name, defaults={"email": f"{name}@example.org"})
        held = places if PEOPLE[name] == "all" else places[:1] if is_new else []
        Membership.objects.bulk_create(Membership(user=person, city=city, role=ROLES[name]) for city in held)
        return person

    def source(self, city: City) -> Source:
        said = {"title": Text("Made-up report"), "publisher": city.name, "published": "2026-01", "city": city}
        return Source.objects.create(code=city.slug, **said)

    def organisations(self, city: City) -> list[Organisation]:
        names = {
            f"{city.slug}-{number}": words(
                f"Maker {number} of {city.name['en']}", f"{city.name['zh-hans']}公司{number}"
            )
            for number in range(ORGANISATIONS)
        }
        return Organisation.objects.bulk_create(
            Organisation(slug=slug, name=name, city=city) for slug, name in names.items()
        )

    # Versions ---------------------------------------------------------------------------------------------------------

    def entries(self, kind: type[Version], cities: list[City]) -> list[Entry]:
        is_city = kind is CityProfile
        rows = [
            Entry(kind=kind.kind, city=city, slug=city.slug if is_city else f"load-{number}")
            for number, city in enumerate(cities, Entry.objects.filter(kind=kind.kind).count())
        ]
        return Entry.objects.bulk_create(rows, BATCH)

    def wave(self, kind: type[Version], entries: list[Entry], number: int, last: int) -> None:
        """Version `number` of each entry with its rows: written as drafts, then approved, as the guards demand.

        A version is public until the next one is; of the last ones some are still in work.
        """
        opened = self.now - timedelta(days=90 * (last - number + 1))
        versions = Version.objects.bulk_create((self.version(entry, number, opened) for entry in entries), BATCH)
        analyse(Version)
        insert(kind, (self.specific(kind, version) for version in versions))
        insert(Translation, (row for version in versions for row in self.translations(version)))
        insert(Figure, (row for version in versions for row in self.facts(version)))
        for part, rows in self.rows(kind).items():
            insert(part, (row for version in versions for row in rows(version)))
        insert(Hand, (Hand(version=version, user=self.people["load-writer"], did="wrote") for version in versions))
        in_work = [version for version in versions if number == last and is_unfinished(version.entry, last)]
        finished = [version for version in versions if number < last or not is_unfinished(version.entry, last)]
        still = [version for version in finished if number >= last - is_unfinished(version.entry, last)]
        over = [version for version in finished if number < last - is_unfinished(version.entry, last)]
        self.approve(still, opened, None)
        self.approve(over, opened, opened + timedelta(days=90))
        waiting, sent_back = in_work[::2], in_work[1::2]
        Version.objects.filter(pk__in=[version.pk for version in waiting]).update(state="in_review")
        self.record({"approve": finished, "submit": waiting, "send_back": sent_back}, opened)

    def version(self, entry: Entry, number: int, at: datetime) -> Version:
        about, near = (self.links[entry.pk * step % len(self.links)].name for step in (1, 7))
        title = words(f"{about['en']}: load {entry.kind} {entry.slug}", f"{about['zh-hans']}测试项目{entry.slug}")
        summary = words(f"Makes {about['en']} with {near['en']}.", f"以{near['zh-hans']}生产{about['zh-hans']}。")
        who = {"created_by": self.people["load-writer"], "created_at": at}
        return Version(entry=entry, number=number, title=title, summary=summary, open_doubts=number % 3, **who)

    def specific(self, kind: type[Version], version: Version) -> Version:
        said = dict(NEEDED.get(kind, {}))
        said |= self.listing(version) if kind is ProjectListing else {}
        said |= {"industry": self.random.choice(self.industries)} if kind is ClusterProfile else {}
        said |= {"source": self.sources[version.entry.city_id]} if kind is CeremonyRecord else {}
        fields = {field.attname: getattr(version, field.attname) for field in Version._meta.concrete_fields}
        return kind(version_ptr_id=version.pk, **fields, **said)

    def listing(self, version: Version) -> dict[str, Any]:
        """What a list of projects is narrowed by; now and then nothing, as in life."""
        return {
            "park": self.random.choice([*self.parks[version.entry.city_id], None]),
            "industry": self.random.choice([*self.industries, None]),
            "link": self.random.choice([*self.links, None]),
            "cooperation": self.random.choice([*ProjectListing.Cooperation.values, ""]),
        }

    def translations(self, version: Version) -> Iterator[Translation]:
        yield Translation(version=version, language="zh-hans", origin="original")
        yield Translation(version=version, language="en", origin="human", behind=version.pk % 20 == 0)

    def facts(self, version: Version) -> Iterator[Figure]:
        if self.investment and version.entry.kind == ProjectListing.kind and version.pk % 4:
            yield Figure(
                version=version, order=self.figures, metric=self.investment, unit="CNY", basis="agreed",
                as_of="2025", value_min=10 ** self.random.randrange(7, 11) * self.random.randrange(1, 10),
                source=self.sources[version.entry.city_id],
            )  # fmt: skip
        for order in range(self.figures):
            metric = self.metrics[(version.pk + order) % len(self.metrics)]
            day = self.now.date() - timedelta(days=self.random.randrange(30, 900))
            yield Figure(
                version=version, order=order, metric=metric, unit=metric.unit, basis="achieved", as_of=day.isoformat(),
                value_min=self.random.randrange(1, 10**6), source=self.sources[version.entry.city_id], key=order < 3,
            )  # fmt: skip

    def rows(self, kind: type[Version]) -> dict[type[Part], Callable[[Version], Iterator[Part]]]:
        """What hangs on a version of this kind besides figures."""
        found: dict[type[Version], dict] = {
            CityProfile: {
                Cost: self.costs, LogisticsLink: self.ways, CityIndustry: self.pillars, Contact: self.contacts,
            },
            ClusterProfile: {ClusterStage: self.chain, ClusterCompany: self.members},
            ParkProfile: {Plot: self.plots, ParkIndustry: self.served},
            PolicyRecord: {Incentive: self.incentives},
            ProjectListing: {StageEvent: self.stages, ProjectParty: self.parties},
            CeremonyRecord: {Participation: self.guests, SignedProject: self.signed},
        }  # fmt: skip
        return found[kind]

    def hung(self, version: Version) -> dict[str, Any]:
        return {"version_id": version.pk, "source": self.sources[version.entry.city_id]}

    def stages(self, version: Version) -> Iterator[StageEvent]:
        signed = 2018 + version.entry_id % 8
        for step, stage in enumerate(STAGES[: 1 + (version.entry_id + version.number) % len(STAGES)]):
            yield StageEvent(**self.hung(version), stage=stage, when=f"{signed + step // 3}-{1 + 4 * (step % 3):02}")

    def parties(self, version: Version) -> Iterator[ProjectParty]:
        investor = self.random.choice(self.companies[version.entry.city_id])
        yield ProjectParty(**self.hung(version), organisation=investor, role="investor")

    def costs(self, version: Version) -> Iterator[Cost]:
        for order, (category, unit, most) in enumerate(PRICES):
            price, ends = self.random.randrange(1, most), self.random.choice(["2024", "", "2099"])
            cost = Cost(**self.hung(version), order=order, category=category, unit=unit, valid_until=ends)
            cost.price, cost.what = price, words(f"Tariff {order}", f"价目{order}")
            yield cost

    def ways(self, version: Version) -> Iterator[LogisticsLink]:
        for order, to in enumerate(LogisticsLink.To.values):
            km, place = self.random.randrange(10, 900), words(f"Place {order}", f"地点{order}")
            yield LogisticsLink(
                **self.hung(version), order=order, mode="road", to=to, destination=place, distance_km=km
            )

    def chain(self, version: Version) -> Iterator[ClusterStage]:
        for order, link in enumerate(self.random.sample(self.links, min(len(self.links), 8))):
            strength = self.random.choice(ClusterStage.Strength.values)
            yield ClusterStage(**self.hung(version), order=order, link=link, strength=strength, wanted=order % 4 == 0)

    def members(self, version: Version) -> Iterator[ClusterCompany]:
        companies = iter(self.companies[version.entry.city_id])
        for stage in ClusterStage.objects.filter(version=version, strength__in=["strong", "present"]):
            for company in islice(companies, 2):
                yield ClusterCompany(**self.hung(version), order=stage.order, organisation=company, stage=stage)

    def pillars(self, version: Version) -> Iterator[CityIndustry]:
        for industry in self.random.sample(self.industries, min(len(self.industries), 5)):
            yield CityIndustry(**self.hung(version), industry=industry, role="pillar")

    def contacts(self, version: Version) -> Iterator[Contact]:
        said = {
            "purpose": words("Investment", "投资"),
            "name": words("Ms Test", "测女士"),
            "phone": "+86 000 0000 0000",
        }
        yield Contact(version_id=version.pk, **said)

    def guests(self, version: Version) -> Iterator[Participation]:
        for order in range(12):
            name, side = words(f"Guest {order}", f"来宾{order}"), ["government", "company"][order % 2]
            yield Participation(**self.hung(version), order=order, name=name, side=side, roles=["attend"])

    def signed(self, version: Version) -> Iterator[SignedProject]:
        for order, project in enumerate(self.projects[version.entry.city_id][:SIGNED]):
            said = {"title": words(f"Project {order}", f"项目{order}"), "amount": 10**8 if order % 3 else None}
            yield SignedProject(**self.hung(version), order=order, project=project, **said)

    def plots(self, version: Version) -> Iterator[Plot]:
        for order in range(6):
            yield Plot(
                **self.hung(version), order=order, kind=Plot.Kind.values[order % 2],
                area=self.random.randrange(10, 900), name=words(f"Plot {order}", f"地块{order}"),
                status=Plot.Status.values[order % 3], price_unit="CNY/mu",
                price=self.random.randrange(50_000, 900_000), valid_until=self.random.choice(["2024", "", "2099"]),
            )  # fmt: skip

    def served(self, version: Version) -> Iterator[ParkIndustry]:
        yield ParkIndustry(**self.hung(version), industry=self.random.choice(self.industries))

    def incentives(self, version: Version) -> Iterator[Incentive]:
        for order, kind in enumerate(Incentive.Kind.values):
            said = {
                "name": words(f"Incentive {order}", f"奖补{order}"),
                "industry": self.random.choice(self.industries),
            }
            ends = self.random.choice(["2024", "", "2099"])
            yield Incentive(**self.hung(version), order=order, kind=kind, valid_until=ends, **said)

    # What became of them ----------------------------------------------------------------------------------------------

    def approve(self, versions: list[Version], opened: datetime, closed: datetime | None) -> None:
        checker = self.people["load-checker"]
        period = {"live_from": opened, "live_until": closed}
        Version.objects.filter(pk__in=[v.pk for v in versions]).update(state="approved", approved_by=checker, **period)
        insert(Hand, (Hand(version=version, user=checker, did="approved") for version in versions))

    def record(self, ended: dict[str, list[Version]], at: datetime) -> None:
        """The audit trail, as the workflow would have written it. `ended`: {last step taken: versions}."""
        writer, checker = self.people["load-writer"], self.people["load-checker"]
        steps = {"begin": writer, "submit": writer, "approve": checker, "send_back": checker}
        acts = [
            (version, step, steps[step])
            for last, versions in ended.items()
            for version in versions
            for step in dict.fromkeys(["begin", "submit", last])
        ]
        digest = Event.objects.order_by("-pk").values_list("digest", flat=True).first() or ""
        rows = []
        for version, action, who in acts:
            subject, city = str(version.entry), version.entry.city.slug
            said = {"reason": "Name the source."} if action == "send_back" else {}
            said |= {"subject": subject, "number": version.number}
            event = Event(at=at, actor=who.username, action=action, city=city, **said)
            event.digest = digest = event.digest_after(digest)
            rows.append(event)
        insert(Event, rows)


def words(en: str, zh: str) -> Text:
    return Text({"en": en, "zh-hans": zh})


def by_city(entries: list[Entry]) -> dict[int, list[Entry]]:
    found = defaultdict(list)
    for entry in entries:
        found[entry.city_id].append(entry)
    return found


def is_unfinished(entry: Entry, last: int) -> bool:
    """Whether the last of its versions is still in work, and the one before it public."""
    return last > 1 and entry.pk % IN_WORK_EVERY == 0


def analyse(model: type[Model]) -> None:
    """Has the database count the new rows: else the guards' look-ups plan for an empty table and read all."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def insert(model: type[Model], rows: Any) -> None:
    """Rows in batches, of a kind's own table too: bulk_create refuses a model whose parent has a table of its own."""
    rows = iter(rows)
    fields = model._meta.local_concrete_fields
    while batch := list(islice(rows, BATCH)):
        if issubclass(model, Version):
            model._base_manager.all()._insert(batch, fields=fields, using="default")
        else:
            model._base_manager.bulk_create(batch)
