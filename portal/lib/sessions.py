"""Sessions in the database that end when nobody has used them for a while, and some hours after log-in in any case."""

import time
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends import db
from django.utils import timezone

ENDS = "ends"  # seconds since 1970; named at log-in
PAUSE = 60  # being used is noted once a minute: not every page is worth a write


class SessionStore(db.SessionStore):
    stored_until = None

    def _get_session_from_db(self):
        row = super()._get_session_from_db()  # type: ignore[misc]  # the stubs leave it out
        self.stored_until = row and row.expire_date
        return row

    def begin(self):
        """From now on it is somebody's."""
        self[ENDS] = time.time() + settings.SESSION_LONGEST_SECONDS

    def is_due(self):
        """Whether its last use was noted long enough ago to note this one."""
        return bool(self.stored_until and self.stored_until < self.get_expiry_date() - timedelta(seconds=PAUSE))

    def get_expiry_age(self, **_said):
        left = self.get(ENDS, float("inf")) - time.time()
        return max(0, int(min(settings.SESSION_COOKIE_AGE, left)))

    def get_expiry_date(self, **_said):
        return timezone.now() + timedelta(seconds=self.get_expiry_age())

    def get_expire_at_browser_close(self):
        return False
