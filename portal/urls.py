"""Every address of the portal. Pages for people stand under /en/ and /zh-hans/, machines' addresses outside."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

import clusters.api
import projects.api
from portal.pages.open_data import OpenData

api = DefaultRouter()
api.include_root_view = False
api.register("cities", clusters.api.CityViewSet, "cities")
api.register("clusters", clusters.api.ClusterViewSet, "clusters")
api.register("parks", clusters.api.ParkViewSet, "parks")
api.register("policies", clusters.api.PolicyViewSet, "policies")
api.register("rankings", clusters.api.RankingViewSet, "rankings")
api.register("projects", projects.api.ProjectViewSet, "projects")
api.register("ceremonies", projects.api.CeremonyViewSet, "ceremonies")

handler400 = "portal.pages.errors.bad_request"

urlpatterns = [
    path("", include("portal.pages.machine_urls")),
    path("media/", include("portal.media.urls")),
    path("admin/", admin.site.urls),
    path("api/", RedirectView.as_view(pattern_name="api-docs")),
    path("api/", include(api.urls)),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    *i18n_patterns(
        path("", include("portal.briefs.urls")),
        path("", include("portal.inquiries.urls")),
        path("", include("portal.facts.urls")),
        path("", include("portal.follow.urls")),
        path("accounts/", include("portal.staff.accounts")),
        path("staff/", include("portal.staff.urls")),
        path("", include("portal.pages.urls")),
        path("", include("clusters.urls")),
        path("", include("projects.urls")),
        path("", include("portal.search.urls")),
        path("", include("portal.compare.urls")),
        path("open-data/", OpenData.as_view(), name="api-docs"),
    ),
]

if settings.DEBUG:
    from portal.pages.styleguide import styleguide

    urlpatterns += i18n_patterns(path("styleguide/", styleguide, name="styleguide"))
