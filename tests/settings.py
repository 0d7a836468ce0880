"""The portal's own settings, in an environment of their own: the tests' data is never a site's."""

import atexit
import os
import shutil
import tempfile

os.environ["PORTAL_ENV"] = "test"
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="portal-test-")
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)

from portal.settings import *  # noqa: E402, F403
