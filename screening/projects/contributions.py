"""Where later rooms hand in what earlier pages show (each in its `contribute.py`, loaded at start-up), so that no import runs upward."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from screening.projects.models import Job, Membership
from screening.projects.once import once


@dataclass(frozen=True)
class Waiting:
    """Something that waits for this member: `count` of `label`, opened at `url`, with one line of detail."""

    count: int
    label: str
    url: str
    detail: str = ""
    order: int = 50
    button: str = ""  # the one button of the project page, in words with the count, where this is what to do next
    # The role it waits for this member in, and since when, where that is known and tells on nobody.
    role: str = ""
    since: datetime | None = None


@dataclass(frozen=True)
class Figure:
    """One place in the strip: the PRISMA diagram shrunk to a line, or a room of its own."""

    key: str
    label: str
    url: str
    order: int
    figure: int | None = None
    unit: str = ""
    flow: bool = False
    gap_before: bool = False


@dataclass(frozen=True)
class Panel:
    """A panel beside the project's diagram: a template and its context."""

    order: int
    template: str
    context: dict[str, Any]


@dataclass(frozen=True)
class About:
    """What a voice can be about. `find` gives the object a member may see, or None (then it is a 404)."""

    kind: str
    name: str
    find: Callable[[Membership, str], Any | None]
    label: Callable[[Any], str]
    url: Callable[[Any], str]
    # Several at once, as id -> object, where a list would else ask for one after the other.
    find_all: Callable[[Membership, list[Any]], dict[Any, Any]] | None = None
    # Object id -> the members (ids) whose voices wait until this object is settled (none: nobody's wait).
    waits_for: Callable[[list[Any]], dict[Any, frozenset[Any]]] = lambda things: {}
    # Object id -> the reports (ids) whose content notes stand before what is said of it.
    reports_behind: Callable[[list[Any]], dict[Any, list[Any]]] = lambda things: {}


@dataclass(frozen=True)
class HistoryEntry:
    """One line of a history panel: when, by whom (already named for display), what."""

    at: Any
    who: str
    what: str
    detail: str = ""


_waiting: list[Callable[[Membership], list[Waiting]]] = []
_waiting_ahead: list[Callable[[Sequence[Membership]], None]] = []
_figures: list[Callable[[Membership], list[Figure]]] = []
_panels: list[Callable[[Membership], list[Panel]]] = []
_histories: dict[str, list[Callable[[Membership, Any], list[HistoryEntry]]]] = {}
_abouts: dict[str, About] = {}
_jobs: dict[str, Callable[[Any], dict[str, Any]]] = {}
_job_pages: dict[str, Callable[[Job], str]] = {}


def waiting(give: Callable[[Membership], list[Waiting]]) -> Callable[[Membership], list[Waiting]]:
    _waiting.append(give)
    return give


def waiting_ahead(read: Callable[[Sequence[Membership]], None]) -> Callable[[Sequence[Membership]], None]:
    """Register what reads in one go, for a page of one person's projects, what waiting asks of each (once.keep)."""
    _waiting_ahead.append(read)
    return read


def figures(give: Callable[[Membership], list[Figure]]) -> Callable[[Membership], list[Figure]]:
    _figures.append(give)
    return give


def panels(give: Callable[[Membership], list[Panel]]) -> Callable[[Membership], list[Panel]]:
    _panels.append(give)
    return give


def history(kind: str) -> Callable[[Callable[[Membership, Any], list[HistoryEntry]]], Callable[[Membership, Any], list[HistoryEntry]]]:
    def register(give: Callable[[Membership, Any], list[HistoryEntry]]) -> Callable[[Membership, Any], list[HistoryEntry]]:
        _histories.setdefault(kind, []).append(give)
        return give

    return register


def about(thing: About) -> None:
    _abouts[thing.kind] = thing


def job(kind: str, page: Callable[[Job], str]) -> Callable[[Callable[[Any], dict[str, Any]]], Callable[[Any], dict[str, Any]]]:
    """Register what runs a kind of Job, and the page where its progress and result are read."""

    def register(run: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
        _jobs[kind] = run
        _job_pages[kind] = page
        return run

    return register


def waiting_for(membership: Membership) -> list[Waiting]:
    """All that waits for a member in one project, in the order of the work, without the empty ones."""
    found = [item for give in _waiting for item in give(membership) if item.count]
    return sorted(found, key=lambda item: item.order)


def read_ahead(memberships: Sequence[Membership]) -> None:
    """Read what waits in several projects together. Whatever no room reads ahead is asked project by project."""
    for read in _waiting_ahead:
        read(memberships)


@once
def strip_of(membership: Membership) -> list[Figure]:
    return sorted((figure for give in _figures for figure in give(membership)), key=lambda figure: figure.order)


def panels_of(membership: Membership) -> list[Panel]:
    return sorted((panel for give in _panels for panel in give(membership)), key=lambda panel: panel.order)


def history_of(kind: str, membership: Membership, thing: Any) -> list[HistoryEntry]:
    """Every room's lines about one thing that this member may see, oldest first."""
    lines = [line for give in _histories.get(kind, []) for line in give(membership, thing)]
    return sorted(lines, key=lambda line: line.at)


def about_kind(kind: str) -> About | None:
    return _abouts.get(kind)


def job_runner(kind: str) -> Callable[[Any], dict[str, Any]]:
    return _jobs[kind]


def job_page(job: Job) -> str:
    return _job_pages[job.kind](job)


@dataclass(frozen=True)
class Placing:
    """What the screening desk does when the records behind reports change.

    `hold` takes its locks before anything moves; `place` brings its rows up to date afterwards. `place_new`, where it
    is given, does so for reports made in this very transaction, of records nobody has seen: no fact is about them.
    """

    hold: Callable[[list[Any]], None]
    place: Callable[[list[Any]], None]
    place_new: Callable[[list[Any]], None] | None = None


_placing: list[Placing] = []


def placing(thing: Placing) -> None:
    _placing.append(thing)


def hold_reports(report_ids: list[Any]) -> None:
    for thing in _placing:
        thing.hold(report_ids)


def place_reports(report_ids: list[Any]) -> None:
    for thing in _placing:
        thing.place(report_ids)


def place_new_reports(report_ids: list[Any]) -> None:
    for thing in _placing:
        (thing.place_new or thing.place)(report_ids)


@dataclass(frozen=True)
class Whereabouts:
    """Where one report stands, as everybody in the project may know it.

    `key` is "open", "included", "excluded", "not_retrieved" or "removed": a conflict is open. `reason` only once settled.
    `past_titles`: it no longer waits at title and abstract.
    """

    key: str
    words: str
    reason: str = ""
    past_titles: bool = False


_standings: list[Callable[[Any, list[Any]], dict[Any, Whereabouts]]] = []


def standings(give: Callable[[Any, list[Any]], dict[Any, Whereabouts]]) -> None:
    """Register where reports of a project stand: (project, report ids) -> report id -> where."""
    _standings.append(give)


def where_reports_stand(project: Any, report_ids: list[Any]) -> dict[Any, Whereabouts]:
    """Report id -> where it stands, in one go for a page of reports. Reports nobody screens are left out."""
    return {report_id: place for give in _standings for report_id, place in give(project, report_ids).items()}


@dataclass(frozen=True)
class ReportFacet:
    """A way of narrowing the list of reports that a later room knows of.

    `choices`: (key, words) in the order of the work. `of`: (report id, key) of a project's reports with these ids, at
    most one each, and nothing that is blind. `groups`: words that stand for several keys at once.
    """

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]
    of: Callable[[Any, Sequence[Any]], Iterable[tuple[Any, str]]]
    groups: dict[str, tuple[str, ...]]


_report_facets: list[ReportFacet] = []


def report_facet(facet: ReportFacet) -> None:
    _report_facets.append(facet)


def report_facets() -> list[ReportFacet]:
    return list(_report_facets)


_words_wait: list[Callable[[Any, str, str], Any]] = []


def words_wait(give: Callable[[Any, str, str], Any]) -> Callable[[Any, str, str], Any]:
    """Register which words about reports wait until they are settled: (project, path to the report, path to the member) -> Q."""
    _words_wait.append(give)
    return give


def waiting_words(project: Any, *, report: str, member: str) -> list[Any]:
    """Conditions (Q) on rows that are a member's word about a report: where one holds, the word reaches nobody else yet."""
    return [give(project, report, member) for give in _words_wait]


_spoken: list[Callable[[list[Any]], set[Any]]] = []


def spoken(give: Callable[[list[Any]], set[Any]]) -> Callable[[list[Any]], set[Any]]:
    """Register which of some reports (ids) anybody has ever decided on."""
    _spoken.append(give)
    return give


def spoken_reports(report_ids: list[Any]) -> set[Any]:
    """Of these reports, those somebody has decided on, at any stage: only a person joins or removes them."""
    return {report_id for give in _spoken for report_id in give(report_ids)}


@dataclass(frozen=True)
class Difference:
    """A cached value that is not what the facts say: what it is, whose, and both values as plain data."""

    what: str
    id: str
    cached: Any
    facts: Any


@dataclass(frozen=True)
class Caches:
    """How a later room's caches are compared with its facts, and brought up to them."""

    differences: Callable[[Any], list[Difference]]
    repair: Callable[[Any], None]


_caches: list[Caches] = []


def caches(thing: Caches) -> None:
    _caches.append(thing)


def every_cache() -> list[Caches]:
    return list(_caches)


@dataclass(frozen=True)
class Obtained:
    """Whether a full text was obtained, as brought in from elsewhere: the fact's id, the report, whose word it is, status, detail."""

    id: Any
    report_id: Any
    member: Membership
    status: str
    detail: str = ""


_obtained: list[Callable[[Any, list[Obtained]], None]] = []


def obtained(write: Callable[[Any, list[Obtained]], None]) -> Callable[[Any, list[Obtained]], None]:
    """Register what records full texts as obtained when decisions on them are brought in. The reports' rows are locked."""
    _obtained.append(write)
    return write


def record_obtained(project: Any, facts: list[Obtained]) -> None:
    for write in _obtained:
        write(project, facts)


@dataclass(frozen=True)
class ImportLine:
    """What a later room has to say about an import: a sentence, and the page where it goes on."""

    words: str
    url: str
    label: str


_import_lines: list[Callable[[Membership, Any], list[ImportLine]]] = []


def import_lines(give: Callable[[Membership, Any], list[ImportLine]]) -> Callable[[Membership, Any], list[ImportLine]]:
    _import_lines.append(give)
    return give


def lines_of_import(membership: Membership, import_run: Any) -> list[ImportLine]:
    return [line for give in _import_lines for line in give(membership, import_run)]


_kept_back: list[Callable[[str, dict[str, Any]], tuple[str, dict[str, Any]]]] = []


def kept_back(
    give: Callable[[str, dict[str, Any]], tuple[str, dict[str, Any]]],
) -> Callable[[str, dict[str, Any]], tuple[str, dict[str, Any]]]:
    """Register how a record (raw, parsed) is shown without what must reach nobody: decisions that came with it."""
    _kept_back.append(give)
    return give


def record_to_show(raw: str, parsed: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    for give in _kept_back:
        raw, parsed = give(raw, parsed)
    return raw, parsed
