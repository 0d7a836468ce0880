"""The read API's frame: what is live, as JSON, with every text in all its languages."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext_lazy, override
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.pagination import PageNumberPagination

from portal.cities.models import City
from portal.lib.text import TranslatedField

from .models import Translation, Version

VERSION_FIELDS = ["url", "page", "kind", "city", "slug", "number", "title", "summary", "note", "live_from"]


class Pages(PageNumberPagination):
    page_size = 20
    max_page_size = 100
    page_size_query_param = "page_size"


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}, "example": {"en": "Cells"}})
class TextField(serializers.JSONField):
    """Words by language code; a language that is missing is not there."""


class Record(serializers.ModelSerializer[Any]):
    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {TranslatedField: TextField}


class CitySerializer(Record):
    class Meta:
        model = City
        fields = ["slug", "name", "level", "code"]


class TranslationSerializer(Record):
    class Meta:
        model = Translation
        fields = ["language", "origin", "engine", "behind"]


class VersionSerializer(Record):
    """What every kind says. `url` is this record here, `page` the page for people; texts are {language: words}."""

    url = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField()
    kind = serializers.CharField(source="entry.kind")
    city = CitySerializer(source="entry.city")
    slug = serializers.CharField(source="entry.slug")

    class Meta:
        model = Version
        fields = VERSION_FIELDS

    @extend_schema_field(serializers.URLField)
    def get_url(self, version: Version) -> str:
        kind, city, slug = version.entry.kind, version.entry.city.slug, version.entry.slug
        path = [city] if kind == "city" else [city, slug]
        return self.context["request"].build_absolute_uri(f"/api/{self.context['view'].basename}/{'/'.join(path)}/")

    @extend_schema_field(serializers.URLField)
    def get_page(self, version: Version) -> str:
        with override(settings.LANGUAGE_CODE):  # the answer is kept for readers of every language
            return self.context["request"].build_absolute_uri(version.get_absolute_url())


class MomentField(filters.IsoDateTimeFilter.field_class):
    """A moment that is one everywhere: 0001-01-01 in China is in no year at Greenwich."""

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid"]) from error


class MomentFilter(filters.IsoDateTimeFilter):
    field_class = MomentField


class VersionFilter(filters.FilterSet):
    city = filters.CharFilter(field_name="entry__city__slug", label=gettext_lazy("slug of the city"))
    changed_since = MomentFilter(field_name="live_from", lookup_expr="gte", label=gettext_lazy("public since"))


class LiveViewSet(viewsets.ReadOnlyModelViewSet):
    """Lists are short records, one record has all its parts. Subclasses name `model` and `serializer`."""

    model: type[Version]
    list_serializer: type[VersionSerializer] = VersionSerializer
    serializer: type[VersionSerializer]
    pagination_class = Pages
    lookup_value_regex = r"[-\w]+/[-\w]+"
    filterset_class: type[VersionFilter] | None = VersionFilter

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):  # the OpenAPI generator asks without a request
            return self.model.objects.none()
        live = self.model.objects.live(getattr(self.request, "clock").at)  # noqa: B009 - set by our middleware
        return live.with_parts() if self.action == "retrieve" else live.with_entry().order_by("-live_from", "pk")

    def get_serializer_class(self) -> Any:
        return self.serializer if self.action == "retrieve" else self.list_serializer

    def get_object(self) -> Any:
        city, _, slug = self.kwargs["pk"].partition("/")
        found = self.get_queryset().at_address(city, slug).first()
        if not found:
            raise Http404
        return found

    def finalize_response(self, *args: Any, **kwargs: Any) -> Any:
        response: Any = super().finalize_response(*args, **kwargs)
        response.public_at = getattr(self.request, "clock")  # noqa: B009 - set by our middleware
        return response
