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
        self.kind = self.request.GET.get("kind", "")
        self.corrected = ""
        hits, self.found = self.counted(self.query)
        if self.query and not self.found:
            corrected = IndexWord.nearest(self.query)
            hits, self.found = self.counted(corrected)
            self.corrected = corrected if self.found else ""
        return hits.filter(version__entry__kind=self.kind) if self.kind in self.found else hits

    def counted(self, query: str) -> tuple[Any, dict[str, int]]:
        """What says so, and how many of each kind."""
        hits = self.hits(query)
        counts = hits.order_by().values("version__entry__kind").annotate(count=Count("pk"))
        return hits, {row["version__entry__kind"]: row["count"] for row in counts}

    def hits(self, query: str) -> Any:
        live = IndexText.objects.live(self.request.clock.at)  # type: ignore[attr-defined]
        return live.saying(query).select_related("version__entry__city").defer("title", "body")

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        """A page beyond the end, or no number, is the nearest page there is."""
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get(self.page_kwarg))
        return paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = Version.kinds().items()
        return super().get_context_data(
            query=self.query,
            corrected=self.corrected,
            kinds=[
                (kind, model._meta.verbose_name_plural, self.found[kind]) for kind, model in kinds if kind in self.found
            ],
            kind=self.kind if self.kind in self.found else "",
            total=sum(self.found.values()),
            **kwargs,
        )
