import pytest

from portal.publishing import clock


@pytest.fixture
def settled_clock(settings, monkeypatch):
    """A function after which the publication clock costs no query: what is counted is the page's own."""
    settings.CLOCK_MEMO_SECONDS = 3600
    monkeypatch.setattr(clock, "_memo", None)

    def settle():
        monkeypatch.setattr(clock, "_memo", None)
        clock.Clock.recent()

    return settle
