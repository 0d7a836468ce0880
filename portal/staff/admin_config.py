"""Stands in the settings in the place of django.contrib.admin."""

from django.contrib.admin.apps import AdminConfig


class SuperusersAdmin(AdminConfig):
    default_site = "portal.staff.admin.AdminSite"
