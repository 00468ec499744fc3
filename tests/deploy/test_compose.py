"""docker-compose.yml: sound by the Compose specification's schema, and safe by what we ask of it."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.shared import ROOT

COMPOSE = ROOT / "docker-compose.yml"
VARIABLE = re.compile(r"\$\{(\w+)(:?[-?][^}]*)?\}")
OURS = ("web", "worker", "beat", "migrate")
LASTING = ("web", "worker", "beat", "postgres", "redis", "proxy")


def check_schema(path: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Any]:
    return compose["services"]


def offered() -> dict[str, str]:
    """What deploy/env.example offers, by name."""
    lines = (ROOT / "deploy" / "env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_it_follows_the_compose_specification() -> None:
    checked = check_schema(COMPOSE)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("    stop_grace_period: 40s", "    stop_grace_periode: 40s"),
        ("      interval: 15s\n", "      interval: [15]\n"),
        ("service_completed_successfully", "service_finished"),
    ],
)
def test_the_specification_is_really_asked(tmp_path: Path, right: str, wrong: str) -> None:
    text = COMPOSE.read_text(encoding="utf-8")
    assert right in text
    broken = tmp_path / "docker-compose.yml"
    broken.write_text(text.replace(right, wrong), encoding="utf-8")
    assert check_schema(broken).returncode == 1


def test_every_part_is_there(services: dict[str, Any]) -> None:
    assert set(services) == {*OURS, "postgres", "redis", "proxy"}
    assert services["postgres"]["image"].startswith("postgres:18")


def test_every_lasting_part_comes_back_after_a_restart(services: dict[str, Any]) -> None:
    for name in LASTING:
        assert services[name]["restart"] == "unless-stopped", name


def test_nothing_starts_before_the_database_is_migrated(services: dict[str, Any]) -> None:
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert services["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert services["migrate"]["restart"] == "on-failure"


def test_only_the_proxy_is_reached_from_outside(compose: dict[str, Any], services: dict[str, Any]) -> None:
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert compose["networks"]["back"]["internal"] is True
    assert services["postgres"]["networks"] == services["redis"]["networks"] == ["back"]
    assert services["proxy"]["networks"] == ["front"]


def test_our_containers_can_change_nothing_but_their_data(services: dict[str, Any]) -> None:
    for name in OURS:
        service = services[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["volumes"] == ["files:/data"]
        assert "user" not in service  # the image's own, which is not root
        assert "privileged" not in service


def test_a_missing_secret_stops_the_start_and_none_has_a_default() -> None:
    used: dict[str, set[str]] = {}
    for name, otherwise in VARIABLE.findall(COMPOSE.read_text(encoding="utf-8")):
        used.setdefault(name, set()).add(otherwise)
    for secret in ("SECRET_KEY", "POSTGRES_PASSWORD", "BROLLY_HOST"):
        assert any(otherwise.startswith(":?") for otherwise in used[secret]), secret
        assert not any(otherwise.startswith((":-", "-")) for otherwise in used[secret]), secret


def test_the_example_offers_exactly_what_is_read_and_no_secret() -> None:
    used = {name for name, _ in VARIABLE.findall(COMPOSE.read_text(encoding="utf-8"))}
    assert used == set(offered())
    for secret in ("SECRET_KEY", "POSTGRES_PASSWORD", "EMAIL_HOST_PASSWORD"):
        assert offered()[secret] == ""


def test_every_variable_given_to_our_containers_is_read_by_the_settings(services: dict[str, Any]) -> None:
    settings = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    server = (ROOT / "deploy" / "gunicorn.conf.py").read_text(encoding="utf-8")
    for name in services["web"]["environment"]:
        assert f'"{name}"' in settings + server, name


def test_every_variable_that_is_read_is_described() -> None:
    """BROLLY_HOST and POSTGRES_PASSWORD are put together into others; the walk through the first start names them."""
    settings = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    read = {*re.findall(r'env\.\w+\(\s*"(\w+)"', settings), *offered()}
    described = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    assert len(read) > 30 and [name for name in sorted(read) if f"`{name}`" not in described] == []


def test_demonstration_and_debugging_are_never_on(services: dict[str, Any]) -> None:
    for name in OURS:
        assert not {"BROLLY_DEMO", "BROLLY_DEBUG"} & services[name]["environment"].keys()


def test_data_is_kept_in_named_volumes_at_the_places_the_images_use(compose: dict[str, Any], services: dict[str, Any]) -> None:
    # Version 18 moved: a volume on /var/lib/postgresql/data would stay empty and the data be lost.
    assert services["postgres"]["volumes"] == ["database:/var/lib/postgresql"]
    assert "queue:/data" in services["redis"]["volumes"]
    assert services["web"]["environment"]["BROLLY_DATA"] == "/data"
    named = {volume.split(":")[0] for service in services.values() for volume in service["volumes"] if not volume.startswith("./")}
    assert named == set(compose["volumes"])


def test_the_queue_survives_a_restart_of_redis(services: dict[str, Any]) -> None:
    command = " ".join(services["redis"]["command"])
    assert "--appendonly yes" in command
    assert "noeviction" in command


def test_the_proxy_hands_on_to_where_the_web_server_listens(services: dict[str, Any]) -> None:
    caddyfile = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    [(service, port)] = re.findall(r"reverse_proxy (\w+):(\d+)", caddyfile)
    assert services[service]["expose"] == [port]
    assert f'bind = "0.0.0.0:{port}"' in (ROOT / "deploy" / "gunicorn.conf.py").read_text(encoding="utf-8")
    assert f"EXPOSE {port}\n" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert set(re.findall(r"\{\$(\w+)\}", caddyfile)) == set(services["proxy"]["environment"])
    assert caddyfile.count("{") == caddyfile.count("}")
