from django.contrib import admin

from .models import Brief


@admin.register(Brief)
class BriefAdmin(admin.ModelAdmin):
    """To see why one failed; nothing here is changed by hand."""

    list_display = ["__str__", "state", "tries", "failures", "error", "requested_at", "finished_at"]
    list_filter = ["state", "language"]
    list_select_related = ["city"]
    fields = [
        "city",
        "language",
        "code",
        "state",
        "tries",
        "failures",
        "error",
        "requested_at",
        "finished_at",
        "digest",
    ]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
