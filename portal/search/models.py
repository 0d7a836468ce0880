"""One index row for each approved version: the words it says in any language, found only while it is live."""

from datetime import datetime
from typing import Any

from django.db import connection, models
from rapidfuzz import process

from portal.lib.text import TranslatedField
from portal.publishing.models import Version

from . import words

MOST_WORDS = 12  # a longer question is cut there

# One question, two databases: where to look, how to rank, and how each spells a question.
DIALECTS: dict[str, dict[str, Any]] = {
    "postgresql": {
        "tables": [],
        "where": "search_indextext.words @@ to_tsquery('simple', %s)",
        "rank": "-ts_rank(search_indextext.words, to_tsquery('simple', %s))",
        "phrase": " <-> ",
        "quote": "'",
        "prefix": ":*",
        "and": " & ",
        "or": " | ",
    },
    "sqlite": {
        "tables": ["search_fts"],
        "where": "search_fts.rowid = search_indextext.version_id AND search_fts MATCH %s",
        "rank": "bm25(search_fts, 8.0, 1.0)",
        "phrase": " + ",
        "quote": '"',
        "prefix": "*",
        "and": " AND ",
        "or": " OR ",
    },
}


class IndexTextQuerySet(models.QuerySet["IndexText"]):
    def live(self, at: datetime | None = None):
        return self.filter(version__in=Version.objects.live(at).order_by())

    def saying(self, query: str):
        """Rows that say all that is asked (or a synonym of it), the best first. None when nothing is asked."""
        asked = [phrases[:MOST_WORDS] for phrases in words.alternatives(query[:200]) if phrases]
        if not asked:
            return self.none()
        dialect = DIALECTS[connection.vendor]
        match = dialect["or"].join(f"({spelt(phrases, dialect)})" for phrases in asked)
        ranked = {"select": {"rank": dialect["rank"]}, "select_params": [match] if "%s" in dialect["rank"] else []}
        return self.extra(  # noqa: S610 - the only text from outside is a parameter
            tables=dialect["tables"], where=[dialect["where"]], params=[match], **ranked
        ).order_by("rank", "-version")


def spelt(phrases: list[list[str]], dialect: dict[str, Any]) -> str:
    quote = dialect["quote"]
    said = [dialect["phrase"].join(f"{quote}{word}{quote}" for word in phrase) for phrase in phrases]
    return dialect["and"].join([*said[:-1], said[-1] + dialect["prefix"]])


class IndexText(models.Model):
    version = models.OneToOneField(Version, models.CASCADE, primary_key=True, related_name="index_text")
    title = models.TextField()
    body = models.TextField()

    objects = IndexTextQuerySet.as_manager()

    @classmethod
    def write(cls, version: Version) -> None:
        """(Re)index one version. Runs inside its approval."""
        title = [*version.title.values(), *version.city.name.values()]
        title += [words.pinyin(text) for text in title]
        body = list(said_in(version))
        row = {"title": words.indexed(" ".join(title)), "body": words.indexed(" \n ".join(body))}
        cls.objects.update_or_create(version_id=version.pk, defaults=row)
        latin = {word for word in f"{row['title']} {row['body']}".split() if word.isascii() and len(word) > 3}
        IndexWord.objects.bulk_create([IndexWord(word=word[:60]) for word in sorted(latin)], ignore_conflicts=True)


def said_in(version: Version) -> list[str]:
    """Every public text of a version and its parts in every language, with the names of what they refer to."""
    rows = [version, *(row for part in version.parts() for row in part.prefetch().queryset.filter(version=version.pk))]
    return [text for row in rows if getattr(row, "visibility", "public") == "public" for text in said_by(row)]


def said_by(row: models.Model) -> list[str]:
    said: list[str] = []
    for field in row._meta.concrete_fields:
        if isinstance(field, TranslatedField):
            said += getattr(row, field.attname).values()
        elif field.is_relation and field.name != "source":
            said += names_of(getattr(row, field.name))
    return said


def names_of(thing: Any) -> list[str]:
    name = getattr(thing, "name", None)
    return [*name.values(), *getattr(thing, "aliases", [])] if isinstance(name, dict) else []


class IndexWord(models.Model):
    """The Latin words of the index: what a mistyped word may have meant."""

    word = models.CharField(max_length=60, primary_key=True)

    def __str__(self) -> str:
        return self.word

    @classmethod
    def nearest(cls, query: str) -> str:
        """The query with each unknown Latin word replaced by the nearest known one; "" when that changes nothing."""
        known = list(cls.objects.values_list("word", flat=True))
        meant = []
        for word in query[:200].lower().split()[:MOST_WORDS]:
            stemmed = words.stem(word)
            near = process.extractOne(stemmed, known, score_cutoff=75) if stemmed.isascii() else None
            meant.append(word if near is None or near[0] == stemmed else near[0])
        return "" if meant == query.lower().split() else " ".join(meant)
