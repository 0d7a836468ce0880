from django.urls import path

from .cards import Card, SiteCard
from .cities import CityDetail
from .organisations import OrganisationDetail, OrganisationList
from .views import About, Home, Privacy

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("about/", About.as_view(), name="about"),
    path("privacy/", Privacy.as_view(), name="privacy"),
    path("organisations/", OrganisationList.as_view(), name="organisation-list"),
    path("organisations/<slug:slug>/", OrganisationDetail.as_view(), name="organisation-detail"),
    path("cards/site.png", SiteCard.as_view(), name="site-card"),
    path("cards/<slug:kind>/<slug:city>/<slug:slug>.png", Card.as_view(), name="card"),
    path("cities/<slug:slug>/", CityDetail.as_view(), name="city-detail"),
]
