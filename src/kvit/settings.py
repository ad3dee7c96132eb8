"""Settings, from `KVIT_*` in the environment, with safe defaults."""

import hashlib
import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import font_source_sans_pro
from csp.constants import NONE, SELF

from kvit.base import database

KVIT_HOME = database.home(os.environ)
KVIT_TEST_MODE = os.environ.get("KVIT_TEST_MODE", "") == "1"
KVIT_APP_ROLE = database.role_name(os.environ.get("KVIT_APP_ROLE", "kvit_app"))
KVIT_RESOLVER_ROLE = database.role_name(os.environ.get("KVIT_RESOLVER_ROLE", "kvit_resolver"))

SECRET_KEY = os.environ.get("KVIT_SECRET_KEY") or database.kept_secret(KVIT_HOME)
KVIT_HASH_KEY = hashlib.sha256(b"kvit keyed hash\0" + SECRET_KEY.encode()).digest()

DEBUG = False
# The address people use, as https://invoices.example.org; links in messages begin with it.
KVIT_URL = os.environ.get("KVIT_URL", "").rstrip("/")
ALLOWED_HOSTS = [host for host in os.environ.get("KVIT_HOSTS", "localhost,127.0.0.1").split(",") if host]
if urlsplit(KVIT_URL).hostname:
    ALLOWED_HOSTS.append(str(urlsplit(KVIT_URL).hostname))
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("pl", "polski"), ("sv", "svenska"), ("ro", "română")]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    "kvit.base",
    "kvit.parties",
    "kvit.ledger",
    "kvit.documents",
    "kvit.work",
    "kvit.invoicing",
    "kvit.banking",
    "kvit.matching",
    "kvit.flows",
    "kvit.pages",
    "kvit.desk",
    "kvit.portal",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The web.
ROOT_URLCONF = "kvit.urls"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kvit.pages.middleware.test_sessions_end_with_test_mode",
    "kvit.pages.middleware.language_of_the_reader",
    "kvit.pages.middleware.addresses_of_forms_have_a_page",
    "kvit.pages.middleware.bodies_have_a_size",
    "allauth.account.middleware.AccountMiddleware",
    "kvit.pages.middleware.pages_say_who_may",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "OPTIONS": {
            "environment": "kvit.pages.templating.environment",
            "context_processors": ["kvit.pages.rendering.everywhere"],
        },
    },
    # What libraries bring along and nobody sees: the texts of their messages.
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},
]
# Compiled once, as every page is; Django's own language takes a millisecond for each field.
FORM_RENDERER = "django.forms.renderers.Jinja2"
STATIC_URL = "/static/"
STATIC_ROOT = KVIT_HOME / "static"
STATICFILES_DIRS = [("fonts", Path(font_source_sans_pro.font_directory))]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Counts of tries, one for all processes and machines.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

IS_HTTPS = KVIT_URL.startswith("https://")
SESSION_ENGINE = "kvit.pages.session"
SESSION_COOKIE_NAME = "kvit_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = "kvit_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "kvit.pages.views.errors.form_too_old"
CSRF_TRUSTED_ORIGINS = [KVIT_URL] if KVIT_URL else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
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
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Signing in.
AUTH_USER_MODEL = "base.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
# Axes stands first, so that who is locked out costs no hashing (RELIABILITY 22).
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "kvit.pages.session.Backend",
]
PASSWORD_RESET_TIMEOUT = 7 * 24 * 3600  # of invitations
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "kvit.pages.sign_in.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
# Of wrong codes, and behind axes of wrong passwords; offices sign in from one address of the network.
ACCOUNT_RATE_LIMITS = {"login_failed": "100/15m/ip,20/15m/key"}
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_PASSWORD_MIN_LENGTH = 10
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "kvit.pages.passwords.NotGuessedFirst"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "full_name")},
    },
]
MFA_ADAPTER = "kvit.pages.sign_in.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Kvit"
MFA_TOTP_TOLERANCE = 1  # a code is good half a minute longer, for clocks that are not quite right
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_CALLABLE = "kvit.pages.sign_in.account_of"
AXES_LOCKOUT_CALLABLE = "kvit.pages.views.errors.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
# Ten tries per account, from wherever (scorecard 12): an address of the network in the key would multiply them.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]

# The application signs in as a role that owns nothing; only `kvit migrate` signs in as the owner.
DATABASES = database.aliases(os.environ, app_role=KVIT_APP_ROLE, secret=SECRET_KEY)
DATABASES["default"] |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
DATABASE_ROUTERS: list[str] = []
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = ["kvit.base.job"]
# Well below job.STALLED_AFTER_SECONDS: with the library's 10 s a living worker would now and then pass for dead.
PROCRASTINATE_WORKER_DEFAULTS = {"update_heartbeat_interval": 2}

# Where the contents of documents lie: in the database, or in a bucket of a store that speaks S3.
KVIT_STORE_URL = os.environ.get("KVIT_STORE_URL", "").rstrip("/")
KVIT_STORE_REGION = os.environ.get("KVIT_STORE_REGION", "us-east-1")
KVIT_STORE_KEY_ID = os.environ.get("KVIT_STORE_KEY_ID", "")
KVIT_STORE_SECRET = os.environ.get("KVIT_STORE_SECRET", "")
# A store in the own network is let through the rules for calls to the outside, by http too.
KVIT_STORE_PRIVATE = os.environ.get("KVIT_STORE_PRIVATE", "") == "1"

# Where registers are asked, once a company has switched them on. Test mode asks no real one by itself.
KVIT_VIES_URL = os.environ.get(
    "KVIT_VIES_URL", "" if KVIT_TEST_MODE else "https://ec.europa.eu/taxation_customs/vies/rest-api"
).rstrip("/")
KVIT_WHITE_LIST_URL = os.environ.get(
    "KVIT_WHITE_LIST_URL", "" if KVIT_TEST_MODE else "https://wl-api.mf.gov.pl"
).rstrip("/")

# The simulated world is no part of an installation at work: outside of test mode it has no routes and no jobs.
if KVIT_TEST_MODE:
    INSTALLED_APPS.append("kvit.world")
    MIDDLEWARE.append("kvit.world.pages.tools.around")
    PROCRASTINATE_IMPORT_PATHS.append("kvit.world.jobs")
# Set by `kvit up` for its web process, where it can drop the demo's database and make an empty one.
KVIT_CAN_BE_WIPED = KVIT_TEST_MODE and os.environ.get("KVIT_CAN_BE_WIPED", "") == "1"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("KVIT_LOG_LEVEL", "WARNING").upper()},
}
