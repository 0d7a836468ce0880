"""Django's admin: reference data, for superusers, behind the portal's own log-in."""

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.urls import reverse

#: Of allauth: sessions and second factors are ended where that is said to their owner and in the trail.
NOT_HERE = {"account", "mfa", "usersessions"}


class AdminSite(admin.AdminSite):
    def register(self, model_or_iterable, *args, **options):
        if getattr(model_or_iterable, "_meta", None) is None or model_or_iterable._meta.app_label not in NOT_HERE:
            super().register(model_or_iterable, *args, **options)

    def has_permission(self, request):
        return request.user.is_active and request.user.is_superuser

    def login(self, request, extra_context=None):
        """No second door: the log-in with limits is the only one."""
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
