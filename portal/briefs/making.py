"""Making the next brief that is due."""

import logging

from portal.publishing.clock import database_now

from . import drawing
from .models import Brief

logger = logging.getLogger(__name__)


def make_next() -> bool:
    """Make the brief that has waited longest. Whether more are due."""
    if brief := Brief.objects.claim_next(database_now()):
        make(brief)
    return Brief.objects.due(database_now()).exists()


def make(brief: Brief) -> None:
    try:
        digest = drawing.write(brief)
    except drawing.Failure as failure:
        logger.warning("brief %s was not drawn (try %d): %s", brief.code, brief.tries, failure)
        brief.fail(str(failure), database_now())
    else:
        brief.finish(digest=digest, finished_at=database_now())
