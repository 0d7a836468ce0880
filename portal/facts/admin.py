from django.contrib import admin

from portal.publishing.admin import ReferenceAdmin

from .models import Metric, Source

admin.site.register(Metric, ReferenceAdmin, list_display=["code", "__str__", "kind", "unit"], search_fields=["code"])
admin.site.register(
    Source, ReferenceAdmin, list_display=["code", "__str__", "kind", "language"], search_fields=["code"]
)
