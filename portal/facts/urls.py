from django.urls import path

from portal.publishing.charts import Boundaries

from .charts import VersionChart

urlpatterns = [
    path("charts/boundaries.json", Boundaries.as_view(), name="boundaries"),
    path("charts/<slug:kind>/<slug:city>/<slug:slug>/<slug:name>.<slug:form>", VersionChart.as_view(), name="chart"),
]
