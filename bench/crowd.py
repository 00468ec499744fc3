"""50 reviewers at once for three minutes: asking for titles and deciding on them over HTTP, beside one reviewer alone.

Each reviewer is a thread with a connection, a session and a pace of its own (half a second between two decisions,
faster than anybody reads), holds the titles it was given as the desk does, and writes down every decision it made.
Some are sent twice, as a browser does that lost the answer, and some are taken back at once. At the end every
log is compared with the database: each decision there once, with what it said, under who made it, and nothing else.

Target: no error, and no decision lost or doubled. Its p95 is told beside one reviewer's, who has the same server
to themselves at the same pace.
Run: python -m config.dev with-servers python -m bench.crowd
"""

import http.client
import json
import os
import random
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from bench.desk import at, brolly_server, headers_of, made_records

REVIEWERS = int(os.environ.get("BENCH_REVIEWERS", "50"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "180"))
ALONE = min(SECONDS, 30.0)
PACE = float(os.environ.get("BENCH_PACE", "0.5"))
WORKERS = int(os.environ.get("BENCH_WORKERS", "3"))  # what production starts where nothing else is said
TWICE, TAKEN_BACK = 0.05, 0.05
AHEAD = 20
STAGE = "title_abstract"
ANSWERS = ("include", "exclude", "exclude", "maybe")


@dataclass
class Reviewer:
    """One person at a desk, and what they wrote down: (id, report, answer) of every decision the server said it has."""

    port: int
    slug: str
    headers: dict[str, str]
    number: int
    log: list[tuple[str, str, str | None]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.number)
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.base = f"/api/v1/projects/{self.slug}"

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Raises RuntimeError on anything but success."""
        start = time.perf_counter()
        self.connection.request(method, self.base + path, json.dumps(body).encode() if body else None, self.headers)
        answer = self.connection.getresponse()
        content = answer.read()
        self.times.append((time.perf_counter() - start) * 1000)
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:200]!r}")
        return json.loads(content)

    def fetch(self) -> None:
        held = ",".join(self.held)
        found = self.ask("GET", f"/queue/{STAGE}/?n={AHEAD}&without={held}")["results"]
        self.held += [report["id"] for report in found if report["id"] not in self.held]

    def send(self, report: str, answer: str | None) -> None:
        """One decision, sent again now and then; written down where the server names it as written."""
        body = {
            "id": str(uuid4()),
            "report": report,
            "stage": STAGE,
            "answer": answer,
            "next": AHEAD - len(self.held),
            "without": self.held,
        }
        for _ in range(2 if self.chance.random() < TWICE else 1):
            said = self.ask("POST", "/decisions/", body)
            if said["decision"]["id"] != body["id"]:
                raise RuntimeError(f"Another decision than the one sent was named: {said['decision']}")
            self.held += [one["id"] for one in said["next"] if one["id"] not in self.held]
            body = {**body, "next": 0}
        self.log.append((body["id"], report, answer))

    def work(self, until: float) -> None:
        """Until then: decide on what is held, and ask for more where nothing is."""
        time.sleep(self.chance.random() * PACE)
        try:
            while time.monotonic() < until:
                if not self.held:
                    self.fetch()
                if not self.held:
                    return  # nothing is left for this person
                report = self.held.pop(0)
                self.send(report, self.chance.choice(ANSWERS))
                if self.chance.random() < TAKEN_BACK:
                    self.send(report, None)
                time.sleep(PACE * (0.5 + self.chance.random()))
        except Exception as error:  # whatever it is, it is told, and counts against the target
            self.errors.append(f"Reviewer {self.number}: {error!r}")
        finally:
            self.connection.close()


def at_work(reviewers: list[Reviewer], seconds: float) -> None:
    """All at once, for so long."""
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=reviewer.work, args=(until,)) for reviewer in reviewers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def differences(logs: dict[Any, list[tuple[str, str, str | None]]]) -> list[str]:
    """What the database has that no log has, and the other way round; and standing answers that are not the last said.

    `logs`: what each membership (by id) wrote down, in its order.
    """
    from screening.decisions.models import Decision, Standing

    there = Decision.objects.filter(member__in=list(logs)).order_by("seq").values_list("member_id", "id", "report_id", "answer")
    in_database = [(member, str(key), str(report), answer) for member, key, report, answer in there]
    written = [(member, *line) for member, log in logs.items() for line in log]
    found = [f"lost, or another than sent: {line}" for line in set(written) - set(in_database)]
    found += [f"nobody sent: {line}" for line in set(in_database) - set(written)]
    if len(in_database) != len(written):
        found.append(f"{len(written)} sent, {len(in_database)} in the database")
    last = {(member, report): answer for member, log in logs.items() for _, report, answer in log}
    stands = {(s.member_id, str(s.report_id)): s.answer for s in Standing.objects.filter(member__in=list(logs))}
    wanted = {key: answer for key, answer in last.items() if answer is not None}
    found += [f"stands otherwise than last said: {key}" for key in wanted.keys() | stands.keys() if wanted.get(key) != stands.get(key)]
    return found


def _members(project: Any, n: int) -> list[Any]:
    from screening.projects.models import Membership, Role, User

    people = [User.objects.create_user(f"{uuid4()}@example.org", uuid4().hex, name=f"Reviewer {number}") for number in range(n)]
    return [Membership.objects.create(user=user, project=project, roles=[Role.REVIEWER]) for user in people]


def main() -> int:
    records = made_records()
    with ExitStack() as stack:
        server = brolly_server(stack, records, WORKERS)
        members = _members(server.member.project, REVIEWERS + 1)
        desks = [Reviewer(server.port, server.slug, headers_of(member), number) for number, member in enumerate(members)]
        lonely, crowd = desks[:1], desks[1:]
        print(
            f"{REVIEWERS} reviewers for {SECONDS:.0f} s, one alone for {ALONE:.0f} s; {len(records):,} reports, {WORKERS} workers", end=" "
        )
        print(
            f"of 4 threads, a decision about every {PACE} s each (load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)",
            flush=True,
        )
        at_work(lonely, ALONE)
        at_work(crowd, SECONDS)
        for name, some in (("one reviewer", lonely), (f"{REVIEWERS} reviewers", crowd)):
            times = [time for desk in some for time in desk.times]
            figures = f"median {at(0.5, times):7.1f}   p95 {at(0.95, times):7.1f}   longest {max(times):7.1f} ms"
            print(f"  {name:14} {len(times):6} requests   {figures}")
        errors = [error for desk in desks for error in desk.errors]
        wrong = differences({member.pk: desk.log for member, desk in zip(members, desks, strict=True)})
    made = sum(len(desk.log) for desk in desks)
    for line in (*errors[:10], *wrong[:10]):
        print(f"  {line}")
    held = not errors and not wrong
    print(f"  {made} decisions written down, {len(errors)} errors, {len(wrong)} differences from the database")
    print(f"  Target, no error and no decision lost or doubled: {'met' if held else 'NOT met'}", flush=True)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
