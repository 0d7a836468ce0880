"""Django's admin: reference data, for superusers, behind the portal's own log-in."""

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.urls import reverse


class AdminSite(admin.AdminSite):
    def has_permission(self, request):
        return request.user.is_active and request.user.is_superuser

    def login(self, request, extra_context=None):
        """No second door: the log-in with limits is the only one."""
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
