from django.urls import path

from .views import BriefFile, BriefNew, BriefStatus, ShortlistNew

urlpatterns = [
    path("compare/brief/", ShortlistNew.as_view(), name="shortlist-new"),
    path("cities/<slug:slug>/brief/", BriefNew.as_view(), name="brief-new"),
    path("briefs/<slug:code>/", BriefStatus.as_view(), name="brief-status"),
    path("briefs/<slug:code>/file/", BriefFile.as_view(), name="brief-file"),
]
