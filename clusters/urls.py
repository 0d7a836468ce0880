from django.urls import path

from . import chains, costs, lists, maps, views

urlpatterns = [
    path("charts/map/cities.<slug:form>", maps.CitiesMap.as_view(), name="chart-map-cities"),
    path("charts/map/chains/<slug:slug>.<slug:form>", maps.ChainMap.as_view(), name="chart-map-chain"),
    path("charts/map/cities/<slug:slug>.<slug:form>", maps.CityMap.as_view(), name="chart-map-city"),
    path("costs/", costs.CostModel.as_view(), name="costs"),
    path("cities/", lists.CityList.as_view(), name="city-list"),
    path("clusters/", lists.ClusterList.as_view(), name="cluster-list"),
    path("clusters/<slug:city>/<slug:slug>/", views.ClusterDetail.as_view(), name="cluster-detail"),
    path("chains/", chains.ChainList.as_view(), name="chain-list"),
    path("chains/<slug:slug>/", chains.ChainDetail.as_view(), name="chain-detail"),
    path("chains/<slug:chain>/<slug:slug>/", chains.StageDetail.as_view(), name="chain-stage"),
    path("suppliers/", chains.SupplierList.as_view(), name="supplier-list"),
    path("parks/", lists.ParkList.as_view(), name="park-list"),
    path("parks/<slug:city>/<slug:slug>/", views.ParkDetail.as_view(), name="park-detail"),
    path("policies/", lists.PolicyList.as_view(), name="policy-list"),
    path("policies/<slug:city>/<slug:slug>/", views.PolicyDetail.as_view(), name="policy-detail"),
    path("rankings/", lists.RankingList.as_view(), name="ranking-list"),
    path("rankings/<slug:city>/<slug:slug>/", views.RankingDetail.as_view(), name="ranking-detail"),
]
