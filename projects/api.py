"""Projects and ceremonies as JSON."""

from typing import Any

from django.utils.translation import gettext_lazy
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clusters.api import ChainLinkSerializer, IndustrySerializer, OrganisationSerializer, sourced
from portal.facts.api import STATEMENT_FIELDS, SourceSerializer, StatementSerializer
from portal.publishing.api import VERSION_FIELDS, LiveViewSet, VersionFilter, VersionSerializer

from . import models


class ProjectRow(VersionSerializer):
    """`stage` is the furthest stage reported (see the ladder in the schema), null when none is."""

    stage = serializers.ChoiceField(choices=models.Stage.choices, allow_null=True)

    class Meta:
        model = models.ProjectListing
        fields = [*VERSION_FIELDS, "stage", "cooperation", "nature"]


class ProjectSerializer(StatementSerializer):
    industry = IndustrySerializer()
    link = ChainLinkSerializer()
    stage_events = sourced(models.StageEvent, ["stage", "when", "evidence", "note"])
    parties = sourced(models.ProjectParty, ["name", "count", "role", "share"], organisation=OrganisationSerializer())
    components = sourced(models.Component, ["kind", "name", "quantity"])

    class Meta:
        model = models.ProjectListing
        fields = [
            *STATEMENT_FIELDS, "industry", "link", "site", "nature", "cooperation", "products", "start_by", "finish_by",
            "stage_events", "parties", "components",
        ]  # fmt: skip


class ReconciliationSerializer(serializers.Serializer):
    """Declared at the ceremony, beside what its listed projects add up to; amounts in `unit`."""

    declared_count = serializers.IntegerField(allow_null=True)
    itemised_count = serializers.IntegerField()
    declared_amount = serializers.DecimalField(24, 2, allow_null=True)
    itemised_amount = serializers.DecimalField(24, 2)
    unit = serializers.CharField()
    unpriced = serializers.IntegerField()


class CeremonyRow(VersionSerializer):
    class Meta:
        model = models.CeremonyRecord
        fields = [*VERSION_FIELDS, "type", "when"]


class CeremonySerializer(StatementSerializer):
    source = SourceSerializer()
    participations = sourced(
        models.Participation,
        ["id", "name", "position", "body", "body_inferred", "side", "roles", "is_group"],
        organisation=OrganisationSerializer(),
    )
    agenda = sourced(models.AgendaItem, ["kind", "by", "text"])
    signed_projects = sourced(models.SignedProject, ["title", "amount", "amount_unit"])
    reconciliation = serializers.SerializerMethodField()

    class Meta:
        model = models.CeremonyRecord
        fields = [
            *STATEMENT_FIELDS, "type", "when", "part_of_day", "place", "host", "declared_count", "source",
            "participations", "agenda", "signed_projects", "reconciliation",
        ]  # fmt: skip

    @extend_schema_field(ReconciliationSerializer)
    def get_reconciliation(self, ceremony: models.CeremonyRecord) -> Any:
        return ReconciliationSerializer(ceremony.reconciliation()).data


class ProjectFilter(VersionFilter):
    industry = filters.CharFilter(field_name="industry__slug", label=gettext_lazy("slug of the industry"))
    link = filters.CharFilter(field_name="link__slug", label=gettext_lazy("slug of the stage of the chain"))
    stage = filters.ChoiceFilter(choices=models.Stage.choices, label=gettext_lazy("furthest stage reported"))
    cooperation = filters.ChoiceFilter(choices=models.ProjectListing.Cooperation.choices)


class CeremonyFilter(VersionFilter):
    type = filters.ChoiceFilter(choices=models.CeremonyRecord.Type.choices)


class ProjectViewSet(LiveViewSet):
    model, serializer, list_serializer = models.ProjectListing, ProjectSerializer, ProjectRow
    filterset_class = ProjectFilter

    def get_queryset(self) -> Any:
        return super().get_queryset().with_noted_stage()


class CeremonyViewSet(LiveViewSet):
    model, serializer, list_serializer = models.CeremonyRecord, CeremonySerializer, CeremonyRow
    filterset_class = CeremonyFilter
