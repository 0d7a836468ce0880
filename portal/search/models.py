"""One index row for each approved version: the words it says in any language, found only while it is live."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache, reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Value
from django.db.models.functions import Length, Replace
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from clusters.models import Contact, Industry, Organisation, ValueChain
from portal.cities.models import City
from portal.facts.models import Metric, Source, Visibility
from portal.lib.text import TranslatedField, language_codes
from portal.publishing.clock import database_now
from portal.publishing.models import Reference, Version

from . import questions, words
from .asking import MARK, TITLE, Node, dialect
from .sounds import SOUND, heard, spelt_out

OVER = ("kind", "past")  # the mark of a version that may be public, and of one that never will be again
#: Choices that readers ask for by name.
SAID_BY_CHOICE = {"category", "kind", "mode", "level", "nature", "cooperation", "stage", "type"}
SUFFIX = {"prefecture": "市", "county": "市", "province": "省"}


class IndexTextQuerySet(models.QuerySet["IndexText"]):
    def live(self, at: datetime | None = None):
        return self.filter(version__in=Version.objects.live(at).order_by())

    def matching(self, node: Node):
        """Rows that say it, each with its `rank`: the smaller, the better. In no order."""
        speak = dialect()
        said = node.spelt(speak)
        ranked = {"select": {"rank": speak.rank}, "select_params": [said] if "%s" in speak.rank else []}
        return self.extra(  # noqa: S610 - the only text from outside is a parameter
            tables=list(speak.tables), where=[speak.where], params=[said], **ranked
        )

    def saying(self, query: str):
        """Rows that say all that is asked (or a synonym of it), the best first. None when nothing is asked."""
        node = questions.asked(query[:200], begun=True)
        return self.matching(node).order_by("rank", "-version") if node else self.none()


class IndexText(models.Model):
    version = models.OneToOneField(Version, models.CASCADE, primary_key=True, related_name="index_text")
    kind = models.CharField(max_length=20, default="")
    city = models.ForeignKey(City, models.CASCADE, null=True, related_name="+", db_index=False)
    chains = models.CharField(max_length=200, default="")  # keys of the value chains it speaks of: "3 7"
    title = models.TextField()
    body = models.TextField()
    tags = models.TextField(default="")  # marks a search is narrowed by, the words of its place, its title's words
    said = models.JSONField(default=list)  # its texts as they are read, by language: what is shown of a hit

    objects = IndexTextQuerySet.as_manager()

    @classmethod
    def write(cls, version: Version) -> None:
        """(Re)index one version. Runs inside its approval."""
        cls.write_all(list(readable(type(version)).filter(pk=version.pk)))
        over = cls.objects.filter(version__entry=version.entry_id, version__live_until__lte=database_now())
        over.update(tags=Replace("tags", *(Value(f"{MARK}{mark}{version.kind} ") for mark in OVER)))

    @classmethod
    def write_all(cls, versions: list[Version]) -> None:
        """(Re)index versions loaded `with_parts`."""
        chains = chains_by_industry()
        made = [Reading(version, chains) for version in versions]
        now = database_now()
        fields = [field.name for field in cls._meta.concrete_fields if not field.primary_key]
        rows = [reading.row(now) for reading in made]
        cls.objects.bulk_create(rows, update_conflicts=True, unique_fields=["version"], update_fields=fields)
        known = {word for reading in made for word in reading.known}
        IndexWord.objects.bulk_create([IndexWord(word=word[:60]) for word in sorted(known)], ignore_conflicts=True)
        IndexName.note({thing for reading in made for thing in reading.named})


def readable(kind: type[Version]) -> models.QuerySet:
    """Versions of a kind with all that `Reading` reads of them."""
    return kind.objects.with_parts().with_lineage().select_related(*naming(kind))


def chains_by_industry() -> dict[int, list[int]]:
    found = defaultdict(list)
    for industry, chain in ValueChain.objects.exclude(industry=None).values_list("industry", "pk"):
        found[industry].append(chain)
    return found


class Reading:
    """What one version, loaded `with_parts`, says: gathered for its row in the index."""

    def __init__(self, version: Version, chains: dict[int, list[int]]) -> None:
        self.version, self.chains_of = version, chains
        self.said: list[dict[str, str]] = []
        self.names: list[str] = []
        self.labels: list[str] = []
        self.named: set[Reference] = set()
        for row in public_rows(version):
            self.read(row)
        own = list(version.title.values())
        title = words.indexed(" ".join(own))
        names = [*dict.fromkeys(self.names)]
        body = [*(text for texts in self.said for text in texts.values()), *names, *dict.fromkeys(self.labels)]
        said = words.indexed(" \n ".join(body))
        self.known = words.latin([title, said])
        self.title = " ".join([title, *map(words.sounds, own)])
        self.body = " ".join([said, *map(words.sounds, names)])

    def read(self, row: models.Model) -> None:
        """Its texts, and the names of what it refers to; but for a source's, which pages only cite."""
        for field in row._meta.concrete_fields:
            if isinstance(field, TranslatedField) and (row is not self.version or field.name != "title"):
                self.said += filter(None, [dict(getattr(row, field.attname))])
            elif field.name in SAID_BY_CHOICE and field.choices and getattr(row, field.attname):
                self.labels += labels(type(row), field.name, getattr(row, field.attname))
        for name in naming(type(row)):
            thing = getattr(row, name)
            if isinstance(thing, Reference):
                self.named.add(thing)
            if name != "source":
                self.names += names_of(thing)

    def chains(self) -> list[int]:
        """The value chains it speaks of: by a stage, by itself, by their industry."""
        found: set[int] = set()
        for thing in self.named:
            found |= {getattr(thing, "chain_id", None) or 0}
            found |= {thing.pk} if isinstance(thing, ValueChain) else set()
            found |= {*self.chains_of.get(thing.pk, ())} if isinstance(thing, Industry) else set()
        return sorted(found - {0})

    def row(self, now: datetime) -> IndexText:
        version = self.version
        over = version.live_until is not None and version.live_until <= now
        marks = [f"{OVER[over]}{version.kind}", f"city{version.city.pk}", *(f"chain{key}" for key in self.chains())]
        marks += sorted(f"{thing._meta.model_name}{thing.pk}" for thing in self.named)
        near = places(version.city)
        tags = [MARK + mark for mark in marks]
        tags += [words.indexed(" ".join(near)), *map(words.sounds, near)]
        tags += [TITLE + word for word in self.title.split()]
        return IndexText(
            version_id=version.pk,
            kind=version.kind,
            city=version.city,
            chains=" ".join(map(str, self.chains()))[:200],
            title=self.title.strip(),
            body=self.body.strip(),
            tags=" ".join(filter(None, tags)),
            said=self.said,
        )


def public_rows(version: Version) -> Iterator[models.Model]:
    """What its page prints on any day: persons to contact stand on today's only, so no search tells of them."""
    yield version
    for part in version.parts():
        if part.is_content and part is not Contact:
            yield from (row for row in getattr(version, part.accessor()).all() if is_public(row))


@cache
def naming(model: type[models.Model]) -> list[str]:
    """The relations of a model that lead to something with a name: a city, a chain, a source …"""
    named = (Reference, City)
    fields = [field for field in model._meta.concrete_fields if field.is_relation]
    return [field.name for field in fields if issubclass(field.related_model, named)]  # type: ignore[arg-type]


@cache
def labels(model: type[models.Model], name: str, value: Any) -> list[str]:
    """What a choice is called in each language, with what it is a choice of: "electricity cost"."""
    said = []
    for code in language_codes():
        with override(code):
            label = getattr(model(**{name: value}), f"get_{name}_display")()
            said.append(f"{label} {'' if issubclass(model, Version) else model._meta.verbose_name}")
    return said


def is_public(row: models.Model) -> bool:
    """Neither a figure that is kept back nor a further document of one."""
    figure = getattr(row, "figure", None)
    return all(getattr(one, "visibility", Visibility.PUBLIC) == Visibility.PUBLIC for one in (row, figure))


def names_of(thing: Any) -> list[str]:
    name = getattr(thing, "name", None)
    return [*name.values(), *getattr(thing, "aliases", [])] if isinstance(name, dict) else []


def places(city: City) -> list[str]:
    """The names of a city and of what it lies in, as they are also said: 枣庄 and 枣庄市."""
    above = [city, *city.regions]
    names = [name for place in above for name in place.name.values()]
    return names + [place.name["zh-hans"] + SUFFIX.get(place.level, "") for place in above if "zh-hans" in place.name]


class IndexWord(models.Model):
    """The Latin words of the index: what a mistyped word may have meant."""

    word = models.CharField(max_length=60, primary_key=True)

    def __str__(self) -> str:
        return self.word

    @classmethod
    def nearest(cls, query: str) -> str:
        """The query with each unknown Latin word replaced by the nearest known one; "" when that changes nothing."""
        read = questions.tokens(query[:200])
        unknown = {run for chinese, run in read if not chinese and run.isalpha() and len(words.stem(run)) > 4}
        meant = {word: near for word in unknown if (near := cls.near(words.stem(word)))}
        return " ".join(meant.get(run, run) for _chinese, run in read) if meant else ""

    @classmethod
    def near(cls, word: str) -> str:
        """The known word at most two slips away (one, in a short word); "" when it is known itself, or begun."""
        if cls.objects.filter(word__startswith=word).exists():
            return ""
        slips = 1 if len(word) < 6 else 2
        sized = cls.objects.annotate(size=Length("word")).filter(size__range=(len(word) - slips, len(word) + slips))
        known = sized.order_by("word").values_list("word", flat=True)
        found = process.extractOne(word, known, scorer=DamerauLevenshtein.distance, score_cutoff=slips)
        return found[0] if found else ""


class IndexNameQuerySet(models.QuerySet["IndexName"]):
    def called(self, query: str):
        """Those whose name says all that is asked, the shortest names first."""
        found = self
        for chinese, run in questions.tokens(query[:200]):
            said = questions.pairs_asked(run) if chinese else [words.stem(run)]
            sounds = [] if chinese else [heard(way) or [SOUND + way[0]] for way in spelt_out(run)]
            begins = [models.Q(words__contains=" " + " ".join(way)) for way in [said, *sounds]]
            found = found.filter(reduce(or_, begins))
        return found.order_by(Length("words"), "pk")


class IndexName(models.Model):
    """An organisation, a chain, an industry, a metric or a source that some approved version names."""

    KINDS = {model._meta.model_name: model for model in (Organisation, ValueChain, Industry, Metric, Source)}

    kind = models.CharField(max_length=20)
    key = models.PositiveBigIntegerField()
    slug = models.CharField(max_length=80)
    name = TranslatedField(max_length=None)
    words = models.TextField()

    objects = IndexNameQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="indexname_once")]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def mark(self) -> str:
        """What the rows of versions that name it carry."""
        return f"{'chain' if self.kind == 'valuechain' else self.kind}{self.key}"

    @property
    def kind_name(self) -> str:
        return str(self.KINDS[self.kind]._meta.verbose_name)

    def get_absolute_url(self) -> str:
        """Its page, else the pages that name it."""
        try:
            return reverse({"valuechain": "chain-detail"}.get(self.kind, f"{self.kind}-detail"), args=[self.slug])
        except NoReverseMatch:
            return f"{reverse('search')}?names={self.mark}"

    @classmethod
    def note(cls, things: Iterable[Reference]) -> None:
        things = {*things}
        things |= {*ValueChain.objects.filter(pk__in={getattr(thing, "chain_id", None) for thing in things})}
        rows = [cls.of(thing) for thing in things if thing._meta.model_name in cls.KINDS]
        said = {"unique_fields": ["kind", "key"], "update_fields": ["slug", "name", "words"]}
        cls.objects.bulk_create(rows, update_conflicts=True, **said)

    @classmethod
    def of(cls, thing: Any) -> "IndexName":
        name = getattr(thing, "name", None) or thing.title
        called = [*name.values(), *getattr(thing, "aliases", [])]
        said = " ".join([words.indexed(" ".join(called)), *map(words.sounds, called)])
        slug = getattr(thing, "slug", None) or thing.code
        return cls(kind=thing._meta.model_name, key=thing.pk, slug=slug, name=name, words=f" {said}")
