"""Addresses without a language, for machines."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path
from django.views.generic import RedirectView

from portal.lib.context import seal_address

from .brand import BrandFile
from .sitemaps import SITEMAPS
from .views import robots


class Favicon(RedirectView):
    def get_redirect_url(self, *args, **kwargs):
        return seal_address()


urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path("favicon.ico", Favicon.as_view()),
    path("brand/<str:name>", BrandFile.as_view(), name="brand"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
]
