"""Production settings: clean by Django's own check, and no start at all without what safety needs."""

import os
import subprocess
import sys

import pytest

from tests.shared import ROOT

PRODUCTION = {
    "SECRET_KEY": "k7-QzD1v_9LmXe3wTgYb5NcRjUoPf2HsAi8KqWnVtEdZrSxCyGhBlMuOpJaIwFkL",
    "ALLOWED_HOSTS": "brolly.example.org",
    "BROLLY_ORIGIN": "https://brolly.example.org",
    "CSRF_TRUSTED_ORIGINS": "https://brolly.example.org",
    "DATABASE_URL": "postgresql://brolly:secret@postgres:5432/brolly",
    "REDIS_URL": "redis://redis:6379/0",
    "PATH": os.environ["PATH"],
}


def manage(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in PRODUCTION.items() if name not in names}


def test_djangos_deployment_check_has_nothing_to_say() -> None:
    checked = manage("check", "--deploy", "--fail-level", "DEBUG", **PRODUCTION)
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout + checked.stderr
    assert "0 silenced" in checked.stdout + checked.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "BROLLY_ORIGIN", "DATABASE_URL", "REDIS_URL"])
def test_what_is_missing_is_named_and_nothing_starts(name: str) -> None:
    refused = manage("check", **without(name))
    assert refused.returncode != 0
    assert f"Set {name}" in refused.stderr


def test_a_short_secret_key_is_refused() -> None:
    refused = manage("check", **{**PRODUCTION, "SECRET_KEY": "short"})
    assert refused.returncode != 0
    assert "SECRET_KEY is shorter than 50 characters" in refused.stderr


def test_the_development_key_is_not_accepted_in_production() -> None:
    refused = manage("check", **without("SECRET_KEY"), BROLLY_DEBUG="0")
    assert refused.returncode != 0


def test_secrets_may_come_from_files(tmp_path: "os.PathLike[str]") -> None:
    key = os.path.join(tmp_path, "key")
    with open(key, "w") as file:
        file.write(PRODUCTION["SECRET_KEY"] + "\n")
    assert manage("check", **without("SECRET_KEY"), SECRET_KEY_FILE=key).returncode == 0
    refused = manage("check", **without("SECRET_KEY"), SECRET_KEY_FILE=key + ".gone")
    assert "cannot be read" in refused.stderr


def test_static_files_are_compressed_where_they_travel_and_only_there() -> None:
    def storage(environment: dict[str, str]) -> str:
        asked = "from config import settings; print(settings.STORAGES['staticfiles']['BACKEND'])"
        said = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        return said.stdout.strip().rpartition(".")[2]

    kept = {name: PRODUCTION[name] for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "PATH")}
    assert storage(PRODUCTION) == "CompressedManifestStaticFilesStorage"
    assert storage({**kept, "BROLLY_DEMO": "1"}) == "ManifestStaticFilesStorage"


def test_demonstration_accounts_are_refused_at_a_public_address() -> None:
    refused = manage("check", BROLLY_DEMO="1", **PRODUCTION)
    assert refused.returncode != 0
    assert "BROLLY_DEMO" in refused.stderr


@pytest.mark.parametrize(
    "where",
    [
        {"BROLLY_ORIGIN": "http://brolly.example.org"},
        {"BROLLY_ORIGIN": "http://localhost:8000"},
        {"ALLOWED_HOSTS": "*", "BROLLY_ORIGIN": ""},
    ],
)
def test_demonstration_accounts_are_refused_at_any_public_name(where: dict[str, str]) -> None:
    refused = manage("check", BROLLY_DEMO="1", **{**PRODUCTION, **where})
    assert refused.returncode != 0
    assert "BROLLY_DEMO" in refused.stderr


def test_demonstration_accounts_are_offered_on_the_machine_itself() -> None:
    local = {"ALLOWED_HOSTS": "localhost,127.0.0.1", "BROLLY_ORIGIN": "http://127.0.0.1:8123", "CSRF_TRUSTED_ORIGINS": ""}
    assert manage("check", BROLLY_DEMO="1", **{**PRODUCTION, **local}).returncode == 0


def test_the_web_server_itself_refuses_to_start_without_a_key() -> None:
    started = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", "127.0.0.1:0", "config.wsgi:application"],
        cwd=ROOT, env=without("SECRET_KEY"), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert started.returncode != 0
    assert "Set SECRET_KEY" in started.stderr


def test_the_web_servers_configuration_is_sound() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--check-config", "--config", "deploy/gunicorn.conf.py", "config.wsgi:application"],
        cwd=ROOT, env=PRODUCTION, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr


BUCKET = """
from django.core.files.storage import default_storage as s
print(s.bucket_name, s.endpoint_url, s.default_acl, s.file_overwrite, s.querystring_auth)
"""


def test_uploaded_files_go_to_a_bucket_where_one_is_named() -> None:
    bucket = {"BROLLY_BUCKET": "brolly-files", "BROLLY_BUCKET_ENDPOINT": "https://s3.example.org", "BROLLY_BUCKET_REGION": "eu-1"}
    keys = {"BROLLY_BUCKET_KEY": "key", "BROLLY_BUCKET_SECRET": "secret"}
    said = manage("shell", "--no-imports", "-c", BUCKET, **PRODUCTION, **bucket, **keys)
    assert "brolly-files https://s3.example.org None False True" in said.stdout, said.stderr
    plain = manage("shell", "--no-imports", "-c", "from django.conf import settings; print(settings.STORAGES['default'])", **PRODUCTION)
    assert "FileSystemStorage" in plain.stdout
