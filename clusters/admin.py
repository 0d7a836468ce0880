from django.contrib import admin

from portal.publishing.admin import ReferenceAdmin

from .models import ChainLink, Industry, Organisation, ValueChain


class ChainLinkInline(admin.TabularInline):
    model = ChainLink


admin.site.register(Industry, ReferenceAdmin, list_display=["slug", "__str__", "parent", "gbt4754", "isic"])
admin.site.register(ValueChain, ReferenceAdmin, list_display=["slug", "__str__"], inlines=[ChainLinkInline])
admin.site.register(Organisation, ReferenceAdmin, list_display=["slug", "__str__", "kind", "parent"])
