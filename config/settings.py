"""Settings: everything that differs between places comes from the environment.

Development and the demonstration set BROLLY_DEBUG or BROLLY_DEMO; production sets neither, and then a
secret key, the allowed hosts, DATABASE_URL and REDIS_URL must be given or the server refuses to start.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured

from config import env

# Workbooks are read with defusedxml, which refuses entity bombs. With lxml on board (documents need it) openpyxl would pass it over.
os.environ["OPENPYXL_LXML"] = "False"

BASE_DIR = Path(__file__).resolve().parent.parent

# The commands that only read files (manage.py names them) run with no database, server or secret.
OFFLINE = env.flag("BROLLY_OFFLINE")
DEBUG = env.flag("BROLLY_DEBUG") or OFFLINE
DEMO = env.flag("BROLLY_DEMO")

SECRET_KEY = env.text("SECRET_KEY", "development-only-" * 4 if DEBUG else None)
if not DEBUG and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY is shorter than 50 characters: make a longer random one.")

LOCAL = DEBUG or DEMO
ORIGIN = env.text("BROLLY_ORIGIN", "http://localhost:8000" if LOCAL else None)
ALLOWED_HOSTS = env.several("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver" if LOCAL else "")
CSRF_TRUSTED_ORIGINS = env.several("CSRF_TRUSTED_ORIGINS", ORIGIN if ORIGIN.startswith("https://") else "")
_own_names = {"localhost", "127.0.0.1", "[::1]", "::1", "testserver"}
if DEMO and (urlsplit(ORIGIN).scheme == "https" or not {urlsplit(ORIGIN).hostname, *ALLOWED_HOSTS} <= _own_names):
    raise ImproperlyConfigured("BROLLY_DEMO offers accounts with known passwords: unset it where the server answers to a public name.")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the names this server answers to, with commas between.")

DATA_DIR = Path(env.text("BROLLY_DATA", str(BASE_DIR / "var" / "data")))
MEDIA_ROOT = DATA_DIR / "files"

SCREENING_ROOMS = ["projects", "protocol", "references", "decisions", "fulltext", "voices", "flow"]
EXTRACTION_ROOMS = ["forms", "studies", "overlap", "exports"]
ROOMS = [f"screening.{room}" for room in SCREENING_ROOMS] + [f"extraction.{room}" for room in EXTRACTION_ROOMS]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "screening",
    "extraction",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.ContentSecurity",
    "config.middleware.Arrivals",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.History",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # A room keeps its own templates; Django's app directories would not see them.
        "DIRS": [BASE_DIR / "templates", *(BASE_DIR / room.replace(".", "/") / "templates" for room in ROOMS)],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "screening.projects.context.place",
            ],
        },
    },
]

DATABASES = {"default": {"ENGINE": "django.db.backends.dummy"} if OFFLINE else env.database("DATABASE_URL")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL", "redis://" if OFFLINE else None)
# Two installations on one Redis each need a name of their own there: a job is a row in one database, and so is a person who is counted.
REDIS_NAME = env.text("BROLLY_QUEUE", "celery")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": REDIS_NAME}}

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_DEFAULT_QUEUE = REDIS_NAME
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 3600
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = {
    "resend-jobs": {"task": "screening.projects.tasks.resend_jobs", "schedule": 10.0},
    "delete-sandboxes": {"task": "screening.projects.tasks.delete_sandboxes", "schedule": 600.0},
    "forget-old-files": {"task": "screening.projects.tasks.forget_old_files", "schedule": 3600.0},
    "forget-notices": {"task": "screening.projects.tasks.forget_notices", "schedule": 3600.0},
    "send-digests": {"task": "screening.projects.tasks.send_digests", "schedule": 900.0},
    "refit-rankings": {"task": "screening.decisions.tasks.refit_rankings", "schedule": 10.0},
    "delete-withdrawn-files": {"task": "screening.voices.tasks.delete_withdrawn_files", "schedule": 3600.0},
    "tell-who-was-named": {"task": "screening.voices.tasks.tell_what_is_open_now", "schedule": 60.0},
}

# People -------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "screening.User"
AUTHENTICATION_BACKENDS = ["config.backends.Accounts"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_REDIRECT_URL = "home"
LOGIN_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "screening.projects.queries.name_of_user"
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Brolly: "
ACCOUNT_SIGNUP_FORM_CLASS = "screening.projects.forms.SignupForm"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_EMAIL_NOTIFICATIONS = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Brolly"
ALLAUTH_TRUSTED_PROXY_COUNT = env.whole("BROLLY_TRUSTED_PROXIES", 0)

# Words, files, mail -------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]
# A language is offered once its catalogue is compiled: half a page in the reader's language helps nobody.
LANGUAGES = [
    (LANGUAGE_CODE, "English"),
    *(
        (code, LANG_INFO[code]["name_local"])
        for file in sorted(LOCALE_PATHS[0].glob("*/LC_MESSAGES/django.mo"))
        if (code := file.parts[-3].lower().replace("_", "-")) in LANG_INFO
    ),
]

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
# `assets/` is filled at set-up from locked packages (fonts, viewer); it may be absent in a bare checkout.
STATICFILES_DIRS = [folder for folder in (BASE_DIR / "static", BASE_DIR / "assets") if folder.is_dir()]
# Uploaded files: a folder, or a bucket that speaks S3. Pages never link to the store: each file is asked for here, by a member.
BUCKET = env.text("BROLLY_BUCKET", "")
STORAGES = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": BUCKET,
            "endpoint_url": env.text("BROLLY_BUCKET_ENDPOINT", "") or None,
            "region_name": env.text("BROLLY_BUCKET_REGION", "") or None,
            "access_key": env.text("BROLLY_BUCKET_KEY", "") or None,
            "secret_key": env.text("BROLLY_BUCKET_SECRET", "") or None,
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": True,
        },
    }
    if BUCKET
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # What never leaves the machine is not compressed: that took longer than all else at each start of the demonstration.
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        if DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILE_UPLOAD_HANDLERS = ["config.uploads.InMemory", "config.uploads.InFile"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_LIMIT_MB = env.whole("BROLLY_UPLOAD_LIMIT_MB", 200)
# How much one file of references may hold; how many files one zip may, and what it may unpack to.
RECORDS_LIMIT = env.whole("BROLLY_RECORDS_LIMIT", 500_000)
ARCHIVE_FILES_LIMIT = env.whole("BROLLY_ARCHIVE_FILES_LIMIT", 200)
ARCHIVE_LIMIT_MB = env.whole("BROLLY_ARCHIVE_LIMIT_MB", 500)
# Documents: the largest PDF, how many at once, and what reading the words of one may take.
DOCUMENT_LIMIT_MB = env.whole("BROLLY_DOCUMENT_LIMIT_MB", 50)
DATA_UPLOAD_MAX_NUMBER_FILES = env.whole("BROLLY_FILES_AT_ONCE", 100)
DOCUMENT_READ_SECONDS = env.whole("BROLLY_DOCUMENT_READ_SECONDS", 60)
DOCUMENT_READ_MB = env.whole("BROLLY_DOCUMENT_READ_MB", 1024)

# Files that come with voices, where a project takes them: how many with one, and the largest.
VOICE_FILES_LIMIT = env.whole("BROLLY_VOICE_FILES_LIMIT", 3)
VOICE_FILE_LIMIT_MB = env.whole("BROLLY_VOICE_FILE_LIMIT_MB", 5)

# Notices: for how many days what was seen is kept; 0: for ever.
NOTICES_KEPT_DAYS = env.whole("BROLLY_NOTICES_KEPT_DAYS", 180)

EMAIL_HOST = env.text("EMAIL_HOST", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_PORT = env.whole("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Brolly <brolly@localhost>")

# Safety -------------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "config.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
if DEMO:
    # Cookies know no ports: two copies on one machine would sign each other out.
    _port = urlsplit(ORIGIN).port or 80
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"sessionid_{_port}", f"csrftoken_{_port}"
if not LOCAL:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "screening.projects.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "screening.projects.schema.RoomSchema",
    "EXCEPTION_HANDLER": "screening.projects.api.problem_details",
    "DEFAULT_THROTTLE_CLASSES": ["screening.projects.throttle.ByMinute"],
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
}
# API requests of one signed-in person, of one address nobody signed in from, and of one person at the desk.
REQUESTS_A_MINUTE = {"user": 1200, "anon": 60, "desk": 6000}
SPECTACULAR_SETTINGS = {
    "TITLE": "Brolly",
    "DESCRIPTION": "Umbrella reviews: the same actions and the same access table as the pages.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "CriterionKind": "screening.protocol.models.Criterion.Kind",
        "SourceKind": "screening.protocol.models.SourceVersion.Kind",
        "VoiceKind": "screening.voices.models.Voice.Kind",
        "ReviewStage": "screening.projects.stages.ReviewStage",
        "ScreeningStage": "screening.decisions.models.Stage",
        "VoiceAudience": "screening.voices.models.Audience",
        "MeetingAudience": "screening.voices.meetings.models.MeetingRecord.Audience",
        "PairKind": "screening.references.models.ProposedPair.Kind",
        "RemovalKind": "screening.references.models.Removal.Kind",
        "DeclaredRemovalKind": "screening.references.models.DeclaredRemoval.Kind",
        "CriterionAnswerWord": "screening.fulltext.models.CriterionAnswer.Answer",
        "DecisionAnswer": "screening.decisions.models.Answer",
        "OutcomeWord": "screening.decisions.models.Outcome",
        "RetrievalWay": "screening.fulltext.models.Retrieval.Way",
        "JobState": "screening.projects.models.Job.State",
        "PolicyWay": ["unanimous", "majority", "one_include"],
        "RoleName": "screening.projects.models.Role",
        "ImportState": ["reading", "columns", "stopped", "failed", "completed", "withdrawn"],
        "QueueOrder": "screening.decisions.queue.words.ORDERS.items",
        "OutcomeOrder": ["all", "lived_experience", "carers", "clinicians", "researchers", "other"],
        "OverlapState": ["not computed", "computed", "stale"],
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO" if LOCAL else "WARNING")},
}
