"""Who has tried how often: it stands in no model's table, so what a test committed there would outlive it."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def nobody_has_tried_yet(db):
    """For the `conftest.py` of those whose tries are counted."""
    cache.clear()
