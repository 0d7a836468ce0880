"""Reference data and people, for superusers. What cities say is never edited here: it has its own workflow."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db import models, transaction
from django.utils.text import capfirst

from portal.cities.models import City, Membership, User
from portal.lib.forms import LinesField
from portal.lib.text import TranslatedField

from .clock import database_now
from .models import Counter, Event


class Audited(admin.ModelAdmin):
    """Whatever a superuser changes stands in the audit trail, beside what offices do."""

    def log_addition(self, request, obj, message):
        self.record("add", obj, request.user, message)
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        self.record("change", obj, request.user, message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request, queryset):
        for obj in queryset:
            self.record("delete", obj, request.user, [])
        return super().log_deletions(request, queryset)

    def record(self, action, obj, by, message):
        """`message` names the fields, never their values."""
        subject = Subject(f"{self.model._meta.model_name} {obj}"[:160], getattr(obj, "city", None))
        Event.record(action, subject, by=by, at=database_now(), detail={"fields": message} if message else {})


class Subject:
    def __init__(self, name, city):
        self.name, self.city = name, city

    def __str__(self):
        return self.name


class ReferenceAdmin(Audited):
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


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 1


@admin.register(User)
class PersonAdmin(Audited, UserAdmin):
    inlines = [MembershipInline]


class ReadOnly(admin.ModelAdmin):
    """To be looked at; nothing of it is changed by hand."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Event)
class EventAdmin(ReadOnly):
    list_display = ["at", "actor", "action", "subject", "number", "reason"]
    list_filter = ["action", "city"]
    search_fields = ["actor", "subject"]
