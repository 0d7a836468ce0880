from django.urls import path

from .views import SearchPage, Suggestions

urlpatterns = [
    path("search/", SearchPage.as_view(), name="search"),
    path("search/suggestions/", Suggestions.as_view(), name="search-suggestions"),
]
