import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def nobody_has_sent_yet(db):
    cache.clear()
