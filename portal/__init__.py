"""A city's industries, projects and signing ceremonies, published in Chinese and English."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
