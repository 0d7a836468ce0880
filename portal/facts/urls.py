from django.urls import path

from .charts import VersionChart

urlpatterns = [
    path("charts/<slug:kind>/<slug:city>/<slug:slug>/<slug:name>.<slug:form>", VersionChart.as_view(), name="chart"),
]
