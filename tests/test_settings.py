"""What a machine must say about itself before the portal starts on it."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

SECRET = "s" * 50
PRODUCTION = {"PORTAL_ENV": "production", "SECRET_KEY": SECRET, "ALLOWED_HOSTS": "invest.example.gov.cn"}


def start(tmp_path, expression="", **environment):
    """Load the settings in a process of their own and print `expression`."""
    code = f"import django; django.setup(); from django.conf import settings; print({expression})"
    environment |= {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "portal.settings", "PATH": os.environ["PATH"]}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True
    )


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_does_not_start_without(name, tmp_path):
    started = start(tmp_path, **(PRODUCTION | {name: ""}))
    assert started.returncode == 1
    assert f"ImproperlyConfigured: {name} is not set." in started.stderr


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY is too short"),
        ("DEBUG", "true", "DEBUG and SAMPLE_MODE are for development only"),
        ("SAMPLE_MODE", "true", "DEBUG and SAMPLE_MODE are for development only"),
        ("PORTAL_ENV", "staging", "PORTAL_ENV is 'staging'"),
        ("DATABASE_URL", "mysql://portal@127.0.0.1/portal", "DATABASE_URL must begin with"),
        ("WORKER_PROCESSES", "many", "WORKER_PROCESSES"),
        ("SITE_COLOUR", "#ffcc00", "SITE_COLOUR=#ffcc00 cannot be read"),
    ],
)
def test_production_refuses(name, value, complaint, tmp_path):
    started = start(tmp_path, **(PRODUCTION | {name: value}))
    assert started.returncode == 1
    assert complaint in started.stderr


def test_production_starts_with_secret_and_hosts(tmp_path):
    shown = "settings.SAMPLE_MODE, settings.SESSION_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT, settings.BASE_URL"
    started = start(tmp_path, shown, **PRODUCTION)
    assert started.stdout == "False True True https://invest.example.gov.cn\n"


def test_rows_are_in_utc():
    """A TIME_ZONE of the database would shift what SQLite stores."""
    assert "TIME_ZONE" not in {name for name, value in settings.DATABASES["default"].items() if value}
    assert settings.USE_TZ


def test_every_setting_of_a_machine_stands_in_the_example():
    asked = re.findall(r"\b(?:env\.\w+|required)\(\s*\"(\w+)\"", (settings.BASE_DIR / "portal/settings.py").read_text())
    shown = re.findall(r"(?m)^#?([A-Z_]+)=", (settings.BASE_DIR / ".env.example").read_text())
    assert len(asked) > 30
    assert set(asked) <= set(shown)
