"""Addresses without a language, for machines."""

from django.contrib.sitemaps.views import sitemap
from django.templatetags.static import static
from django.urls import path
from django.views.generic import RedirectView

from .sitemaps import SITEMAPS
from .views import robots


class Favicon(RedirectView):
    def get_redirect_url(self, *args, **kwargs):
        return static("img/seal.svg")


urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path("favicon.ico", Favicon.as_view()),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
]
