import pytest
from django.core.cache import caches

from portal.publishing import clock


@pytest.fixture
def no_pages_kept():
    caches["pages"].clear()
    yield
    caches["pages"].clear()


@pytest.fixture
def settled_clock(settings, monkeypatch, no_pages_kept):
    """A function after which the publication clock costs no query: what is counted is the page's own."""
    settings.CLOCK_MEMO_SECONDS = 3600
    monkeypatch.setattr(clock, "_memo", None)

    def settle():
        monkeypatch.setattr(clock, "_memo", None)
        clock.Clock.recent()

    return settle
