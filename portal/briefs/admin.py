from django.contrib import admin

from portal.publishing.admin import ReadOnly

from .models import Brief


@admin.register(Brief)
class BriefAdmin(ReadOnly):
    """To see why one failed."""

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
