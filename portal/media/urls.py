"""Addresses of files, without a language. A name is checked against the picture's own, never joined to a path."""

from django.urls import re_path

from . import views

DIGEST = "(?P<digest>[0-9a-f]{64})"

urlpatterns = [
    re_path(rf"^images/{DIGEST}/(?P<name>[0-9]{{1,4}}\.(?:webp|jpg))$", views.ImageFile.as_view(), name="media-image"),
    re_path(rf"^documents/{DIGEST}\.pdf$", views.DocumentFile.as_view(), name="media-document"),
]
