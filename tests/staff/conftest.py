"""These tests read the English pages unless they say otherwise."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _in_english():
    """A request in Chinese leaves its language to the tests after it."""
    with translation.override("en"):
        yield
