"""Settings. What differs between machines comes from the environment (or .env) and fails loudly; see .env.example."""

import time
from pathlib import Path
from urllib.parse import quote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env

from portal.lib import brand

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
if env.str("PORTAL_ENV", "") != "test":  # tests must not meet a site's own database
    env.read_env(BASE_DIR / ".env", recurse=False)
if env.str("PORTAL_ENV", "development") == "development" and not env.str("SECRET_KEY", ""):
    env.read_env(BASE_DIR / "var" / "development.env", recurse=False)  # `make run` wrote it

# Which machine this is ------------------------------------------------------------------------------------------------

# Production is what a machine is unless it says otherwise, so that no site goes public with a laptop's settings.
PORTAL_ENV = env.str("PORTAL_ENV", "production")
if PORTAL_ENV not in {"development", "test", "production"}:
    raise ImproperlyConfigured(f"PORTAL_ENV is {PORTAL_ENV!r}; it must be development, test or production.")
PRODUCTION = PORTAL_ENV == "production"
TESTING = PORTAL_ENV == "test"


def required(name, example):
    """The text of a setting that production must name and no default may replace."""
    if value := env.str(name, ""):
        return value
    raise ImproperlyConfigured(
        f"{name} is not set. Set it in the environment or in .env (for example {name}={example}), "
        "or use `make run` to try the portal out on this machine. .env.example lists every setting."
    )


DEBUG = env.bool("DEBUG", False)
SAMPLE_MODE = env.bool("SAMPLE_MODE", PORTAL_ENV == "development")
if PRODUCTION and (DEBUG or SAMPLE_MODE):
    raise ImproperlyConfigured(
        "DEBUG and SAMPLE_MODE are for development only: the one prints secrets, the other has known passwords."
    )

SECRET_KEY = "only-for-tests" if TESTING else required("SECRET_KEY", "<50 random characters>")
if PRODUCTION and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY is too short: use 50 random characters or more.")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", [])  # earlier ones: what they signed or encrypted still opens
if PRODUCTION:
    required("ALLOWED_HOSTS", "invest.example.gov.cn")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]", "testserver"])
# The address printed in mails and briefs, where no request tells it.
BASE_URL = env.str(
    "BASE_URL", f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else f"http://localhost:{env.int('PORT', 8000)}"
).rstrip("/")

DATA_DIR = env.path("DATA_DIR", BASE_DIR / "var").resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

# What it is made of ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "portal.lib",
    "portal.cities",
    "portal.publishing",
    "portal.facts",
    "portal.media",
    "clusters",
    "projects",
    "portal.search",
    "portal.compare",
    "portal.briefs",
    "portal.inquiries",
    "portal.follow",
    "portal.staff",
    "portal.pages",
    "portal.staff.admin_config.SuperusersAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "drf_spectacular",
    "rest_framework",
]

MIDDLEWARE = [
    "portal.lib.middleware.Doorway",
    "portal.publishing.middleware.PublicPages",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.pages.health.HealthChecks",
    "portal.publishing.middleware.PublicationClock",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.staff.gate.Gate",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.lib.context.site",
            ],
        },
    },
]

FORM_RENDERER = "portal.lib.forms.Renderer"

# Languages and time ---------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = "portal.lib.formats"

# People read Chinese time; rows hold UTC. DATABASES must not name a TIME_ZONE: on SQLite it shifts what is stored.
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Data -----------------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{DATA_DIR}/portal.sqlite3")}
DATABASE = DATABASES["default"]
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    DATABASE["OPTIONS"] = {
        # A write takes its lock at once and waits for it; the default (DEFERRED) fails at once with "locked".
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
    }
    # A file and not memory, so that a worker in a process of its own sees what a test wrote.
    DATABASE["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
elif DATABASE["ENGINE"] == "django.db.backends.postgresql":
    DATABASE |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    # No just-in-time compilation: it takes longer than any of our queries.
    DATABASE["OPTIONS"] = {"connect_timeout": 3, "options": "-c jit=off"} | DATABASE.get("OPTIONS", {})
else:
    raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:// or postgres://.")

CACHES = {
    # Shared by all processes and kept over a restart: whatever counts tries must count them once.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        # When full it forgets a third, counts of tries among them: so never let strangers fill it.
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
    # Finished pages by address, good until the publication clock moves: exact, so each process may keep its own.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 500},  # of up to 100 kB; strangers choose the addresses
    },
}

# Kept pages die with the code that drew them.
RELEASE = env.str("RELEASE", "") or str(time.time_ns())
# How long a process may go on with the publication clock it read: pages are at most this late, and never early.
CLOCK_MEMO_SECONDS = 0 if TESTING else 0.5

MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "media/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
HASHED_STATIC = not (DEBUG or TESTING)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if HASHED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING
WHITENOISE_ALLOW_ALL_ORIGINS = False
# The large fonts are for the PDFs, no browser asks for them.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "avif", "gif", "gz", "br", "zip", "woff2", "ttf"]

# Jobs -----------------------------------------------------------------------------------------------------------------

VALKEY_SOCKET = DATA_DIR / "valkey" / "valkey.sock"
# Without REDIS_URL, the Valkey that `make run` starts: a socket file, so it needs no port and no password.
REDIS_URL = env.str("REDIS_URL", "")

CELERY_BROKER_URL = REDIS_URL or f"redis+socket://{quote(str(VALKEY_SOCKET))}"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "UTC"
# The row is the truth and a sweeper finds what was not sent: asking may fail, but must not keep a reader waiting.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 0.5,
    "socket_timeout": 0.5,
    "max_retries": 0,
    "visibility_timeout": 300,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_SOFT_TIME_LIMIT = 50
CELERY_WORKER_CONCURRENCY = env.int("WORKER_PROCESSES", 2)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600_000  # kB; a brief needs 160 MB
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")
CELERY_BEAT_SCHEDULE: dict[str, dict] = {
    "briefs": {"task": "briefs.make", "schedule": 5, "options": {"expires": 5}},
}

# A worker that is killed leaves a brief for others when its lease ends; drawing must end before that.
BRIEF_LEASE_SECONDS = env.int("BRIEF_LEASE_SECONDS", 60)
BRIEF_SECONDS = env.int("BRIEF_SECONDS", 45)
BRIEF_MEMORY = env.int("BRIEF_MEMORY", 1_000_000_000)  # bytes
# Different shortlists, in how many seconds: there is no end to what could be combined.
SHORTLIST_LIMITS = {"address": (20, 3600), "everybody": (200, 3600)}

# So must an import: reading is limited, and what it makes is one transaction.
IMPORT_LEASE_SECONDS = env.int("IMPORT_LEASE_SECONDS", 300)
CELERY_BEAT_SCHEDULE["imports"] = {"task": "staff.imports", "schedule": 5, "options": {"expires": 5}}
CELERY_BEAT_SCHEDULE["clear-imports"] = {"task": "staff.clear_imports", "schedule": 24 * 3600}

# Mail -----------------------------------------------------------------------------------------------------------------

_mail = env.dj_email_url("EMAIL_URL", "smtp://localhost:25" if PRODUCTION else f"file:///{DATA_DIR}/mail")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST = _mail["EMAIL_HOST"]
EMAIL_PORT = _mail["EMAIL_PORT"]
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _mail["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _mail["EMAIL_USE_SSL"]
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"noreply@{urlsplit(BASE_URL).hostname}")

# Inquiries ------------------------------------------------------------------------------------------------------------

INQUIRY_REPLY_WORKING_DAYS = env.int("INQUIRY_REPLY_WORKING_DAYS", 3)  # what the pages promise
INQUIRIES_TO_MEASURE = env.int("INQUIRIES_TO_MEASURE", 5)  # in a year, before the pages say how soon they were answered
INQUIRY_RETENTION_MONTHS = env.int("INQUIRY_RETENTION_MONTHS", 24)
# How many, in how many seconds.
INQUIRY_LIMITS = {"address": (20, 3600), "mailbox": (5, 3600)}
CELERY_BEAT_SCHEDULE["send-mails"] = {"task": "inquiries.send_mails", "schedule": 10}
CELERY_BEAT_SCHEDULE["erase-old-inquiries"] = {"task": "inquiries.erase_old", "schedule": 3600}

# Following ------------------------------------------------------------------------------------------------------------

FOLLOW_CONFIRM_DAYS = 7  # an address nobody confirmed is forgotten
FOLLOW_LIMITS = {"address": (20, 3600), "mailbox": (5, 24 * 3600)}
CELERY_BEAT_SCHEDULE["tell-followers"] = {"task": "follow.tell", "schedule": 300, "options": {"expires": 300}}
CELERY_BEAT_SCHEDULE["forget-unconfirmed"] = {"task": "follow.forget", "schedule": 3600}

# Projects -------------------------------------------------------------------------------------------------------------

# A signed project for which no start was agreed should have started so many months after its signing.
PROJECT_START_MONTHS = env.int("PROJECT_START_MONTHS", 12)
# Of fewer projects the promise ledger gives no rate and no median: one project would make it.
LEDGER_SMALLEST_COHORT = env.int("LEDGER_SMALLEST_COHORT", 5)

# People ---------------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "cities.User"
AUTHENTICATION_BACKENDS = ["portal.staff.gate.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "staff-start"
ACCOUNT_ADAPTER = "portal.staff.accounts.AccountAdapter"
ACCOUNT_FORMS = {"login": "portal.staff.accounts.LoginForm", "reset_password": "portal.staff.accounts.ResetForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True  # for SESSION_COOKIE_AGE, without asking
# Tries that failed, by address and by account; a device its owner has used before has its own count.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/15m/ip,10/15m/key",
    "login_known_device": "10/15m/key",
    "second_factor": "10/15m/key",
    "reauthenticate": "10/15m/user",
    "reset_password": "10/15m/ip,3/15m/key",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True  # to the owner, of each change to how the account is opened
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
PASSWORD_RESET_TIMEOUT = 60 * 60

# The second factor: for whom it is required, portal/staff/gate.py says.
MFA_ADAPTER = "portal.staff.factors.Adapter"
MFA_FORMS = {
    "authenticate": "portal.staff.factors.AuthenticateForm",
    "authenticate_webauthn": "portal.staff.factors.AnswerForm",
    "reauthenticate": "portal.staff.factors.ReauthenticateForm",
    "activate_totp": "portal.staff.factors.ActivateForm",
    "add_webauthn": "portal.staff.factors.AddPasskeyForm",
    "edit_webauthn": "portal.staff.factors.RenamePasskeyForm",
    "login_webauthn": "portal.staff.factors.LoginAnswerForm",
    "reauthenticate_webauthn": "portal.staff.factors.ReauthenticateAnswerForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up by themselves
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # clocks of telephones; a code opens once nevertheless
MFA_TOTP_ISSUER = env.str("SITE_NAME_EN", "City Investment Portal")
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = PORTAL_ENV == "development"

# Safety ---------------------------------------------------------------------------------------------------------------

# Behind nginx (deploy/nginx.conf) the reader's address and scheme stand in headers that nginx sets; elsewhere they lie.
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", PRODUCTION)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # probes come from inside, without TLS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SESSION_ENGINE = "portal.lib.sessions"
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_SECONDS", 60 * 60)  # without any use
SESSION_LONGEST_SECONDS = env.int("SESSION_LONGEST_SECONDS", 12 * 60 * 60)  # from log-in, however much it is used
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 365 * 24 * 60 * 60 if PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # of any request, files included, but for views that say `most_bytes`
FILE_UPLOAD_MAX_MEMORY_SIZE = 21_000_000  # a picture or document needs no temporary file
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# The API --------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 20,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "COERCE_DECIMAL_TO_STRING": True,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "City investment portal",
    "DESCRIPTION": "What cities publish to investors: read only, live content only, every figure with its source.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "BasisEnum": "portal.facts.models.Basis",
        "QualifierEnum": "portal.facts.models.Qualifier",
        "VerificationEnum": "portal.facts.models.Verification",
        "StageEnum": "projects.models.Stage",
        "UnitEnum": "portal.lib.units.choices",
        "LanguageEnum": "portal.lib.text.languages",
        "ProjectNatureEnum": "projects.models.ProjectListing.Nature",
        "PolicyNatureEnum": "clusters.models.PolicyRecord.Nature",
    },
}

# What the site says of itself -----------------------------------------------------------------------------------------

SITE_NAME = {
    "en": env.str("SITE_NAME_EN", "City Investment Portal"),
    "zh-hans": env.str("SITE_NAME_ZH", "城市投资门户"),
}
# Its own colours and seal, refused when they could not be read; our own where nothing is named.
BRAND = brand.read(env.str("SITE_COLOUR", ""), env.str("SITE_ACTION_COLOUR", ""), env.str("SITE_SEAL", ""))
# The outlines of maps, and the notice that goes with them (in mainland China the number of their approval).
MAP_BOUNDARIES = env.str("MAP_BOUNDARIES", str(BASE_DIR / "static/vendor/china-provinces.json"))
MAP_BOUNDARIES = "" if MAP_BOUNDARIES == "none" else MAP_BOUNDARIES
MAP_NOTICE = env.str("MAP_NOTICE", "")
ICP_NUMBER = env.str("ICP_NUMBER", "")
POLICE_NUMBER = env.str("POLICE_NUMBER", "")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", "")
CONTACT_PHONE = env.str("CONTACT_PHONE", "")
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "")

# Logs -----------------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(levelname)s %(name)s: %(message)s"},
        "json": {"()": "portal.lib.logs.JsonLines"},
    },
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "json" if PRODUCTION else "plain",
        },
    },
    "root": {"handlers": ["stdout"], "level": env.log_level("LOG_LEVEL", "INFO")},
    # Django's own handlers print to the console or mail the secrets of a request; ours is enough.
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Strangers ask for any host name; each gets its 400, and no trace fills the log.
        "django.security.DisallowedHost": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
