"""Cities, clusters, parks, policies and rankings as JSON."""

from rest_framework import serializers

from portal.cities.models import City
from portal.facts.api import STATEMENT_FIELDS, SourceSerializer, StatementSerializer, part
from portal.publishing.api import LiveViewSet, Record, VersionFilter

from . import models


class IndustrySerializer(Record):
    class Meta:
        model = models.Industry
        fields = ["slug", "name", "gbt4754", "isic"]


class OrganisationSerializer(Record):
    class Meta:
        model = models.Organisation
        fields = ["slug", "name", "kind", "aliases"]


class ChainLinkSerializer(Record):
    chain = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = models.ChainLink
        fields = ["chain", "slug", "order", "name"]


DesignationSerializer = part(
    models.Designation,
    ["title", "level", "grantor", "granted", "batch"],
    holder=OrganisationSerializer(),
    source=SourceSerializer(),
)


def sourced(model: type, fields: list[str], **nested: serializers.BaseSerializer) -> serializers.BaseSerializer:
    """Rows of a part, each with its source."""
    return part(model, [*fields, "locator"], **nested, source=SourceSerializer())(many=True)


VALID = ["valid_from", "valid_until"]


class CityProfileSerializer(StatementSerializer):
    industries = sourced(models.CityIndustry, ["role", "since"], industry=IndustrySerializer())
    designations = DesignationSerializer(many=True)
    sister_cities = sourced(models.SisterCity, ["name", "country", "relation", "since"])
    costs = sourced(
        models.Cost,
        ["category", "what", "price", "price_max", "unit", "tax", "basis", "note", *VALID],
    )
    logistics = sourced(
        models.LogisticsLink,
        [
            "mode", "destination", "to", "qualifier", "distance_km", "hours", "price", "price_unit", "frequency",
            "note", *VALID,
        ],
    )  # fmt: skip

    class Meta:
        model = models.CityProfile
        fields = [*STATEMENT_FIELDS, "city_type", "industries", "designations", "sister_cities", "costs", "logistics"]


class ClusterSerializer(StatementSerializer):
    industry = IndustrySerializer()
    stages = sourced(models.ClusterStage, ["id", "strength", "wanted", "products", "note"], link=ChainLinkSerializer())
    companies = sourced(
        models.ClusterCompany, ["stage", "role", "products", "since", "note"], organisation=OrganisationSerializer()
    )
    offers = sourced(models.SupportOffer, ["kind", "text"], provider=OrganisationSerializer())

    class Meta:
        model = models.ClusterProfile
        fields = [*STATEMENT_FIELDS, "industry", "since", "sponsors", "functions", "stages", "companies", "offers"]


class ParkSerializer(StatementSerializer):
    industries_served = sourced(
        models.ParkIndustry, ["note"], industry=IndustrySerializer(), link=ChainLinkSerializer(allow_null=True)
    )
    plots = sourced(
        models.Plot,
        [
            "kind", "name", "status", "available_from", "area", "area_unit", "use", "term_years", "price", "price_max",
            "price_unit", "min_investment", "note", *VALID,
        ],
    )  # fmt: skip

    class Meta:
        model = models.ParkProfile
        fields = [
            *STATEMENT_FIELDS, "level", "approved_in", "platform", "industries", "address", "industries_served",
            "plots",
        ]  # fmt: skip


class PolicySerializer(StatementSerializer):
    targets = sourced(models.PolicyTarget, ["named_as"], industry=IndustrySerializer())
    incentives = sourced(
        models.Incentive,
        ["kind", "name", "amount", "eligibility", "how_to_apply", *VALID],
        industry=IndustrySerializer(allow_null=True),
        link=ChainLinkSerializer(allow_null=True),
    )

    class Meta:
        model = models.PolicyRecord
        fields = [
            *STATEMENT_FIELDS, "nature", "issuer", "document_number", "issued", "in_force", "targets", "incentives",
        ]  # fmt: skip


class RankedCity(Record):
    class Meta:
        model = City
        fields = ["slug", "code"]


class RankingSerializer(StatementSerializer):
    publisher = OrganisationSerializer()
    dimensions = sourced(models.RankingDimension, ["name", "weight"])
    entries = sourced(
        models.RankingEntry,
        ["place", "place_inferred", "name", "positioning", "core_advantage", "score"],
        city=RankedCity(),
    )

    class Meta:
        model = models.RankingEdition
        fields = [
            *STATEMENT_FIELDS, "publisher", "edition", "subject", "universe", "assessed", "listed", "inclusion_rule",
            "method", "dimensions", "entries",
        ]  # fmt: skip


class ClusterFilter(VersionFilter):
    class Meta:
        model = models.ClusterProfile
        fields = {"industry__slug": ["exact"]}


class CityViewSet(LiveViewSet):
    model, serializer = models.CityProfile, CityProfileSerializer
    lookup_value_regex = r"[-\w]+"


class ClusterViewSet(LiveViewSet):
    model, serializer, filterset_class = models.ClusterProfile, ClusterSerializer, ClusterFilter


class ParkViewSet(LiveViewSet):
    model, serializer = models.ParkProfile, ParkSerializer


class PolicyViewSet(LiveViewSet):
    model, serializer = models.PolicyRecord, PolicySerializer


class RankingViewSet(LiveViewSet):
    model, serializer = models.RankingEdition, RankingSerializer
