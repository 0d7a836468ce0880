"""Addresses without a language, for machines."""

from django.urls import path
from django.views.generic import RedirectView

from portal.lib.context import seal_address

from .brand import BrandFile
from .robots import robots, security
from .sitemaps import part, sitemap


class Favicon(RedirectView):
    def get_redirect_url(self, *args, **kwargs):
        return seal_address()


urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path("favicon.ico", Favicon.as_view()),
    path("brand/<str:name>", BrandFile.as_view(), name="brand"),
    path(".well-known/security.txt", security, name="security-txt"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", part, name="sitemap-part"),
]
