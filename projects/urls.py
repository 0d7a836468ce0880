from django.urls import path

from . import lists, promises, views

urlpatterns = [
    path("ledger/", promises.Ledger.as_view(), name="ledger"),
    path("charts/ledger.<slug:form>", promises.LedgerChart.as_view(), name="chart-ledger"),
    path("charts/ledger/<slug:city>.<slug:form>", promises.LedgerChart.as_view(), name="chart-ledger-city"),
    path("ledger/<slug:city>/", promises.CityLedger.as_view(), name="ledger-city"),
    path("projects/", lists.ProjectList.as_view(), name="project-list"),
    path("projects/projects.csv", lists.ProjectDownload.as_view(), name="project-csv"),
    path("projects/<slug:city>/<slug:slug>/", views.ProjectDetail.as_view(), name="project-detail"),
    path("ceremonies/", lists.CeremonyList.as_view(), name="ceremony-list"),
    path("ceremonies/<slug:city>/<slug:slug>/", views.CeremonyDetail.as_view(), name="ceremony-detail"),
]
