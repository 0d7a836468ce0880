"""Every address of the portal. Pages for people stand under /en/ and /zh-hans/, machines' addresses outside."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    *i18n_patterns(
        path("accounts/", include("allauth.account.urls")),
    ),
]
