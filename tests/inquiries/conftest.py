import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def nobody_has_sent_yet(db):
    """The shared cache is no model's table, so what a test committed there would outlive it."""
    cache.clear()
