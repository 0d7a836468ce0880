"""Every address of the portal. Pages for people stand under /en/ and /zh-hans/, machines' addresses outside."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    *i18n_patterns(
        path("accounts/", include("allauth.account.urls")),
        path("", include("portal.search.urls")),
    ),
]

if settings.DEBUG:
    from portal.pages.styleguide import styleguide

    urlpatterns += i18n_patterns(path("styleguide/", styleguide, name="styleguide"))
