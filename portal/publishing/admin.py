"""Reference data for superusers. What cities say is never edited here: it has its own workflow."""

from django.contrib import admin
from django.db import models, transaction
from django.utils.text import capfirst

from portal.cities.models import City
from portal.lib.forms import LinesField
from portal.lib.text import TranslatedField

from .models import Counter, Event


class ReferenceAdmin(admin.ModelAdmin):
    """Changing reference data changes pages, so it moves the publication clock."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, models.JSONField) and not isinstance(db_field, TranslatedField):
            said = {"label": capfirst(db_field.verbose_name), "help_text": db_field.help_text}
            return LinesField(required=False, **said)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            Counter.tick()

    def delete_queryset(self, request, queryset):
        with transaction.atomic():
            super().delete_queryset(request, queryset)
            Counter.tick()


@admin.register(City)
class CityAdmin(ReferenceAdmin):
    list_display = ["code", "__str__", "level", "parent"]
    list_filter = ["level"]


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    list_display = ["at", "actor", "action", "subject", "number", "reason"]
    list_filter = ["action", "city"]
    search_fields = ["actor", "subject"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
