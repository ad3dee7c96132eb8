"""Settings, from `KVIT_*` in the environment, with safe defaults."""

import hashlib
import os

from kvit.base import database

KVIT_HOME = database.home(os.environ)
KVIT_TEST_MODE = os.environ.get("KVIT_TEST_MODE", "") == "1"
KVIT_APP_ROLE = database.role_name(os.environ.get("KVIT_APP_ROLE", "kvit_app"))
KVIT_RESOLVER_ROLE = database.role_name(os.environ.get("KVIT_RESOLVER_ROLE", "kvit_resolver"))

SECRET_KEY = os.environ.get("KVIT_SECRET_KEY") or database.kept_secret(KVIT_HOME)
KVIT_HASH_KEY = hashlib.sha256(b"kvit keyed hash\0" + SECRET_KEY.encode()).digest()

DEBUG = False
ALLOWED_HOSTS = [host for host in os.environ.get("KVIT_HOSTS", "localhost,127.0.0.1").split(",") if host]
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("pl", "polski"), ("sv", "svenska"), ("ro", "română")]

INSTALLED_APPS = [
    "procrastinate.contrib.django",
    "kvit.base",
    "kvit.parties",
    "kvit.ledger",
    "kvit.work",
    "kvit.invoicing",
    "kvit.banking",
    "kvit.matching",
    "kvit.flows",
]
MIDDLEWARE: list[str] = []
AUTH_USER_MODEL = "base.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

# The application signs in as a role that owns nothing; only `kvit migrate` signs in as the owner.
DATABASES = database.aliases(os.environ, app_role=KVIT_APP_ROLE, secret=SECRET_KEY)
DATABASE_ROUTERS: list[str] = []
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = ["kvit.base.job"]
# Well below job.STALLED_AFTER_SECONDS: with the library's 10 s a living worker would now and then pass for dead.
PROCRASTINATE_WORKER_DEFAULTS = {"update_heartbeat_interval": 2}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("KVIT_LOG_LEVEL", "WARNING").upper()},
}
