"""What a number opens: the list of a box or of one part of it, as long as the number, now or at a past moment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from screening.flow.lists.paging import Within, n_within, page_of_box, page_of_records
from screening.flow.lists.reviews import page_of_reviews, reviews_in
from screening.flow.parts import OF_REASONS, Part, by_reason, by_source
from screening.flow.past.lists import page_kept
from screening.flow.plain import from_figures
from screening.flow.queries import RECORDS_OF, counts_of
from screening.flow.rules import BOXES, LISTS, NO_REASON, NONE, RECORD_BOXES, REVIEWS, Counts, Place, reasons_of
from screening.flow.splits.parts import name_of, way_of, within_of
from screening.projects.models import Job, Project
from screening.protocol.queries import reason_labels
from screening.references.queries.paging import Page


class NoSuchPart(Exception):
    """The list is not parted so in this project."""

    def __str__(self) -> str:
        return _("This number has no such part.")


@dataclass(frozen=True)
class Opened:
    """A list that a number opens: `n` in it, of which `without_list` were only declared. `parts`: what the whole is made of.

    `turn(after, before, size)` gives its pages: of records, of reports, or of reviews with their reports.
    """

    counts: Counts
    whole: int
    n: int
    without_list: int
    parts: list[Part]
    part: Part | None
    turn: Callable[[str, str, int], Page]


def opened(project: Project, box: str, key: str, places: Mapping[Place, int]) -> Opened:
    """The list as it is read from the rows: of now, or inside a past moment. `key`: of a part, empty for the whole.

    Raises NoSuchPart for a key that is of no part of this list.
    """
    counts = counts_of(project, places)
    if box in RECORD_BOXES:
        return _of_records(project, box, key, places, counts)
    whole = _whole(box, counts, places)
    parts = by_reason(box, places, reason_labels(project)) if box in OF_REASONS else []
    if not key:
        part, within = None, None
    elif box in OF_REASONS and ":" not in key:
        part, within = _of_reason(project, box, key, places)
    else:
        part, within = _of_split(project, box, key, places)
    if box == REVIEWS:
        found = reviews_in(project, set(within.arguments[0]) if within else None)
        part = replace(part, n=len(found)) if part else None

        def leaf(after: str, before: str, size: int) -> Page:
            return page_of_reviews(project, found, after=after, before=before, size=size)

        return Opened(counts, whole, len(found), 0, parts, part, leaf)
    n = part.n if part else whole

    def turn(after: str, before: str, size: int) -> Page:
        return page_of_box(project, box, after=after, before=before, size=size, within=within, n=n if within else None, places=places)

    return Opened(counts, whole, n, 0 if part else counts.without_list.get(box, 0), parts, part, turn)


def _whole(box: str, counts: Counts, places: Mapping[Place, int]) -> int:
    if box == REVIEWS or box in BOXES:
        return counts[box]
    return sum(n for place, n in places.items() if LISTS[box](place))


def _of_records(project: Project, box: str, key: str, places: Mapping[Place, int], counts: Counts) -> Opened:
    parts = by_source(RECORDS_OF[box].kinds, counts) if RECORDS_OF[box].first else []
    part = next((one for one in parts if one.key == key), None)
    if key and part is None:
        # A source whose files were all withdrawn has no records, and its list is empty.
        known = RECORDS_OF[box].first and any(one.slug == key for one in counts.sources)
        if not known:
            raise NoSuchPart
        part = Part(key, next(one.name for one in counts.sources if one.slug == key), 0)
    n, without = (part.n, part.declared) if part else (counts[box], counts.without_list.get(box, 0))

    def turn(after: str, _before: str, size: int) -> Page:
        found = page_of_records(project, box, n - without, after=after, size=size, source=part.key if part else "", places=places)
        return Page(found.rows, found.after)

    return Opened(counts, counts[box], n, without, parts, part, turn)


def _of_reason(project: Project, box: str, key: str, places: Mapping[Place, int]) -> tuple[Part, Within]:
    labels = reason_labels(project)
    if key not in labels and key != NONE:
        raise NoSuchPart
    label = labels.get(key, NO_REASON)
    this = next((one for one in reasons_of(places, LISTS[box], labels) if one.label == label), None)
    part = Part(key, label, this.n if this else 0)
    return part, Within("coalesce(text.primary_reason::text, '') = ANY(%s)", (list(this.ids) if this else [],))


def _of_split(project: Project, box: str, key: str, places: Mapping[Place, int]) -> tuple[Part, Within]:
    way, group = way_of(box, key)
    name = name_of(project, way, group) if way else ""
    if not name:
        raise NoSuchPart
    within = within_of(project, way, group)
    return Part(key, name, 0 if box == REVIEWS else n_within(project, box, within, places)), within


def opened_kept(job: Job, box: str, key: str) -> Opened:
    """The same from the file of the job that counted a past moment. A part that nothing was in then is empty."""
    kept, counts, project = job.result["lists"], from_figures(job.result["figures"]), job.project
    there = kept["boxes"][box]
    known = [Part(one["key"], one["name"], one["n"], one["declared"]) for one in there["parts"]]
    part = next((one for one in known if one.key == key), None)
    if key and part is None:
        part = Part(key, _name_kept(project, box, key, counts), 0)

    def turn(after: str, before: str, size: int) -> Page:
        return page_kept(project, kept, box, part=key, after=after, before=before, size=size)

    n, without = (part.n, part.declared) if part else (there["n"], counts.without_list.get(box, 0))
    return Opened(counts, there["n"], n, without, [one for one in known if ":" not in one.key], part, turn)


def _name_kept(project: Project, box: str, key: str, counts: Counts) -> str:
    """What a part without anybody in it is called. Raises NoSuchPart."""
    name = ""
    if box in RECORD_BOXES and RECORDS_OF[box].first:
        name = next((one.name for one in counts.sources if one.slug == key), "")
    elif box in OF_REASONS and ":" not in key:
        name = NO_REASON if key == NONE else reason_labels(project).get(key, "")
    elif box not in RECORD_BOXES:
        name = name_of(project, *way_of(box, key)) if all(way_of(box, key)) else ""
    if not name:
        raise NoSuchPart
    return name
