from django.urls import path

from .views import Compare

urlpatterns = [path("compare/", Compare.as_view(), name="compare")]
