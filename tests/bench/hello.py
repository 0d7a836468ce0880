"""The least a Django view can do: what the cached pages are measured against."""

from django.http import HttpResponse
from django.urls import path


def hello(_request):
    return HttpResponse("hello")


urlpatterns = [path("hello/", hello)]
