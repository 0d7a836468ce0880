"""The search page: Chinese or English, by kind, with a way on when nothing is found."""

from typing import Any

from django.db.models import Count
from django.views.generic import ListView

from portal.publishing.models import Version
from portal.publishing.views import PublicPage

from .models import IndexText, IndexWord


class Search(PublicPage, ListView):
    """Live versions saying `?q=`, of `?kind=` when given. A word nobody uses is read as the nearest known."""

    template_name = "search/search.html"
    context_object_name = "hits"
    paginate_by = 20

    def get_queryset(self) -> Any:
        self.query = self.request.GET.get("q", "").replace("\0", " ").strip()[:200]
        self.corrected = ""
        hits = self.hits(self.query)
        if self.query and not hits.exists():
            self.corrected = IndexWord.nearest(self.query)
            hits = self.hits(self.corrected)
        self.all_hits = hits
        kind = self.request.GET.get("kind", "")
        return hits.filter(version__entry__kind=kind) if kind in Version.kinds() else hits

    def hits(self, query: str) -> Any:
        live = IndexText.objects.live(self.request.clock.at)  # type: ignore[attr-defined]
        return live.saying(query).select_related("version__entry__city")

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        """A page beyond the end, or no number, is the nearest page there is."""
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get(self.page_kwarg))
        return paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = self.all_hits.order_by().values("version__entry__kind").annotate(count=Count("pk"))
        found = {row["version__entry__kind"]: row["count"] for row in counts}
        kinds = [
            (kind, model._meta.verbose_name_plural, found[kind])
            for kind, model in Version.kinds().items()
            if kind in found
        ]
        return super().get_context_data(
            query=self.query,
            corrected=self.corrected if self.all_hits.exists() else "",
            kinds=kinds,
            kind=self.request.GET.get("kind", "") if self.request.GET.get("kind", "") in Version.kinds() else "",
            total=sum(found.values()),
            **kwargs,
        )
