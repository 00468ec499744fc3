"""Settings of the tiny project, read from the same variables as the real one's."""

import os
from pathlib import Path

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.staticfiles"]
DATABASES = {"default": env.database("DATABASE_URL")}
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
CELERY_BROKER_URL = os.environ["REDIS_URL"].replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
