"""Statements as JSON, each with where it stands."""

from typing import Any

from rest_framework import serializers

from portal.publishing.api import VERSION_FIELDS, Record, TranslationSerializer, VersionSerializer

from .models import Citation, Claim, Figure, Metric, Passage, Source


class MetricSerializer(Record):
    class Meta:
        model = Metric
        fields = ["code", "name", "definition", "kind"]


class SourceSerializer(Record):
    class Meta:
        model = Source
        fields = [
            "code", "title", "publisher", "distributor", "issuer", "kind", "promotional", "language", "translated",
            "engine", "published", "retrieved", "url",
        ]  # fmt: skip


SOURCED_FIELDS = ["source", "locator", "quote"]


def part(model: Any, fields: list[str], **nested: serializers.BaseSerializer) -> type[Record]:
    """A serializer of one kind of row: the named fields, and the nested ones in place of keys."""
    meta = type("Meta", (), {"model": model, "fields": [*fields, *nested]})
    return type(f"{model.__name__}Serializer", (Record,), {**nested, "Meta": meta})


class PublicOnly(serializers.ListSerializer):
    """Figures for one investor's eyes, or the office's, are not in the API."""

    def to_representation(self, data: Any) -> Any:
        return super().to_representation([row for row in data.all() if row.visibility == "public"])


class PublicCitations(serializers.ListSerializer):
    """Nor are the documents that only such figures stand in."""

    def to_representation(self, data: Any) -> Any:
        shown = [row for row in data.all() if row.figure is None or row.figure.visibility == "public"]
        return super().to_representation(shown)


class FigureSerializer(Record):
    """`value_min` in `unit` (never in 万 or million); `value_max` for ranges; dates as EDTF-like text."""

    metric = MetricSerializer()
    source = SourceSerializer()  # type: ignore[assignment]  # the field is named so

    class Meta:
        model = Figure
        list_serializer_class = PublicOnly
        fields = [
            "id", "subject", "metric", "qualifier", "value_min", "value_max", "unit", "basis", "period", "as_of", "yoy",
            "yoy_period", "part_of", "converted", "converted_unit", "statistics_by", "verification", "note",
            "scale_as_reported", *SOURCED_FIELDS,
        ]  # fmt: skip


ClaimSerializer = part(
    Claim,
    [
        "id",
        "kind",
        "text",
        "about",
        "attributed_to",
        "scope",
        "compared_with",
        "as_of",
        "verification",
        "note",
        "locator",
        "quote",
    ],
    source=SourceSerializer(),
)


class CitationSerializer(Record):
    source = SourceSerializer()  # type: ignore[assignment]

    class Meta:
        model = Citation
        list_serializer_class = PublicCitations
        fields = ["figure", "claim", "locator", "quote", "source"]


PassageSerializer = part(Passage, ["topic", "text", "when", "locator", "quote"], source=SourceSerializer())


class StatementSerializer(VersionSerializer):
    """A whole version: what every kind hangs its statements on."""

    translations = TranslationSerializer(many=True)
    figures = FigureSerializer(many=True)
    claims = ClaimSerializer(many=True)
    passages = PassageSerializer(many=True)
    citations = CitationSerializer(many=True, help_text="further documents in which a figure or claim stands")


STATEMENT_FIELDS = [*VERSION_FIELDS, "original_language", "translations", "figures", "claims", "passages", "citations"]
