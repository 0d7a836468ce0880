from django.urls import path

from . import views

urlpatterns = [
    path("projects/", views.ProjectList.as_view(), name="project-list"),
    path("projects/projects.csv", views.ProjectDownload.as_view(), name="project-csv"),
    path("projects/<slug:city>/<slug:slug>/", views.ProjectDetail.as_view(), name="project-detail"),
    path("ceremonies/", views.CeremonyList.as_view(), name="ceremony-list"),
    path("ceremonies/<slug:city>/<slug:slug>/", views.CeremonyDetail.as_view(), name="ceremony-detail"),
]
