"""Looking at two worlds: everything a member is given at every address, question and file, so that they can be compared.

Two worlds are two ways on from one history. Each is lived in a transaction that is rolled back, by people who stay
signed in, and looked at through the same clients.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.core import mail
from django.db import connection, transaction
from django.test import Client

from extraction.exports.decisions_file import rows_of
from extraction.exports.sheets import collect
from extraction.exports.sheets.model import Source
from screening.projects.access import may
from screening.projects.models import Job, Membership
from tests.walk import same_for_all

# What differs between two requests for one thing, and tells nothing.
OF_THE_REQUEST = {"Set-Cookie", "Date", "Expires", "Server-Timing", "Age"}
AS_OF = datetime(2030, 1, 1, tzinfo=UTC)
MOMENT_GIVEN = re.compile(rb"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)")
FRESH = re.compile(rb'"job":"[^"]*"')
SETTLE = ("adjudicator", "dora")


class TurnBack(Exception):
    """Leaves a world: everything in it is rolled back."""


@dataclass(frozen=True)
class Seen:
    """One answer as it reached somebody: code, headers (where to, length, tags), words, and how many statements it took."""

    code: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    statements: int


Place = tuple[str, str]
Look = dict[Place, Seen]


@dataclass(frozen=True)
class Ask:
    """Something sent, and what comes back: as much as a page can it tell of what is blind."""

    address: str
    given: Mapping[str, Any]
    is_form: bool = False


@contextmanager
def counted() -> Iterator[list[int]]:
    """How many statements go to the database meanwhile: what a clock would tell of."""
    n = [0]

    def one(execute: Callable[..., Any], *args: Any) -> Any:
        n[0] += 1
        return execute(*args)

    with connection.execute_wrapper(one):
        yield n


class Viewer:
    """A member with a browser, signed in once for all worlds."""

    def __init__(self, name: str, member: Membership) -> None:
        self.name, self.member = name, member
        self.client = Client(raise_request_exception=True)
        self.client.force_login(member.user)

    def opens(self, address: str) -> Seen:
        with counted() as n:
            response = self.client.get(address)
            body = b"".join(response.streaming_content) if response.streaming else response.content
        return _seen(response, body, n[0])

    def asks(self, ask: Ask) -> Seen:
        """The answer to what is sent; what it wrote is taken back."""
        found: list[Seen] = []

        def send() -> None:
            kind = {} if ask.is_form else {"content_type": "application/json"}
            with counted() as n:
                response = self.client.post(ask.address, dict(ask.given), **kind)
            found.append(_seen(response, response.content, n[0]))

        lived(send)
        return found[0]

    def exports(self) -> dict[str, bytes]:
        """What the files made for them hold: the summary sheet by sheet, and the decisions to be given back."""
        if not may(self.member, "exports.make"):
            return {}
        sheets = collect(Source(self.member.project, self.member, AS_OF))
        return {f"sheet {sheet.name}": repr(sheet.tables).encode() for sheet in sheets} | {
            "decisions file": repr(list(rows_of(self.member))).encode()
        }


def _seen(response: Any, body: bytes, n: int) -> Seen:
    headers = tuple(sorted((name, value) for name, value in response.headers.items() if name not in OF_THE_REQUEST))
    return Seen(response.status_code, headers, same_for_all(body), n)


def lived(happens: Callable[[], Any]) -> None:
    """Something happens in a world that is then forgotten."""
    try:
        with transaction.atomic():
            happens()
            raise TurnBack
    except TurnBack:
        pass


@dataclass(frozen=True)
class Eyes:
    """Who looks, and at what: addresses that are opened and questions that are asked, by everybody."""

    viewers: Sequence[Viewer]
    addresses: Sequence[str]
    asks: Sequence[Ask] = ()

    def places(self, nth: int = 0, of: int = 1) -> list[Place]:
        """Every (who, where), or each `of`-th of them from the `nth` on: so many examples share a whole walk."""
        where = [*self.addresses, *(f"POST {ask.address} {n}" for n, ask in enumerate(self.asks)), "exports", "jobs and mail"]
        return [(viewer.name, place) for viewer in self.viewers for place in where][nth::of]

    def look(self, places: Sequence[Place]) -> Look:
        viewers = {viewer.name: viewer for viewer in self.viewers}
        asks = {f"POST {ask.address} {n}": ask for n, ask in enumerate(self.asks)}
        found: Look = {}
        for name, where in places:
            viewer = viewers[name]
            if where == "exports":
                for file, body in viewer.exports().items():
                    found[name, f"exports: {file}"] = Seen(200, (), body, 0)
            elif where == "jobs and mail":
                found[name, where] = Seen(200, (), _told_by_work(viewer.member), 0)
            else:
                found[name, where] = viewer.asks(asks[where]) if where in asks else viewer.opens(where)
        return found


def _told_by_work(member: Membership) -> bytes:
    """Jobs with all their words, and letters sent."""
    jobs = Job.objects.filter(project=member.project_id).order_by("kind", "idempotency_key").values_list("kind", "state", "result", "args")
    letters = [(letter.to, letter.subject, letter.body) for letter in mail.outbox]
    return repr((list(jobs) if may(member, "jobs.see") else [], letters)).encode()


@dataclass(frozen=True)
class Difference:
    """Where two worlds differ, and the first of what does."""

    place: Place
    one: Any
    two: Any


def differences(one: Look, two: Look) -> list[Difference]:
    found = []
    for place in sorted(one.keys() | two.keys()):
        a, b = one.get(place), two.get(place)
        if a == b:
            continue
        if a is None or b is None or (a.code, a.headers) != (b.code, b.headers):
            found.append(Difference(place, a and (a.code, a.headers, a.body[:200]), b and (b.code, b.headers, b.body[:200])))
        elif a.body != b.body:
            start = next((n for n, (x, y) in enumerate(zip(a.body, b.body, strict=False)) if x != y), min(len(a.body), len(b.body)))
            found.append(Difference(place, a.body[max(0, start - 120) : start + 80], b.body[max(0, start - 120) : start + 80]))
        else:
            found.append(Difference(place, f"{a.statements} statements", f"{b.statements} statements"))
    return found


def told_apart(eyes: Eyes, worlds: Sequence[Callable[[], Any]], places: Sequence[Place]) -> list[Difference]:
    """What tells any of these worlds from the first.

    What differs is looked at once more, in both: a first look fills what a process remembers, and a minute may have passed.
    """
    first = _in(eyes, worlds[0], places)
    found = []
    for world in worlds[1:]:
        differing = _origins(differences(first, _in(eyes, world, places)))
        if differing:
            again = _in(eyes, worlds[0], differing)
            found += differences(again, _in(eyes, world, differing))
    return found


def _origins(found: Sequence[Difference]) -> list[Place]:
    return list(dict.fromkeys((one.place[0], "exports" if one.place[1].startswith("exports: ") else one.place[1]) for one in found))


def _in(eyes: Eyes, world: Callable[[], Any], places: Sequence[Place]) -> Look:
    found: Look = {}

    def live() -> None:
        world()
        found.update(eyes.look(places))

    letters = len(mail.outbox)
    logging.disable(logging.CRITICAL)  # a refusal is nothing to report here, and a traceback of each takes as long as the page
    try:
        lived(live)
    finally:
        logging.disable(logging.NOTSET)
    del mail.outbox[letters:]
    return {place: _plain(place, one) for place, one in found.items()}


def _plain(place: Place, one: Seen) -> Seen:
    """Without the moment at which what was just sent was written, and without the moment a conflict began, for who may settle it."""
    if place[1].startswith("POST "):
        return replace(one, body=FRESH.sub(b"", MOMENT_GIVEN.sub(b"", one.body)))
    return replace(one, body=MOMENT_GIVEN.sub(b"", one.body)) if place[0] in SETTLE else one
