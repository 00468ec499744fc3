"""PRISMA 2020: what each box counts, and the equations between them. Pure.

Source: Page et al. 2021 (BMJ 372:n71), boxes named as in the PRISMA2020 package's template. Every report is in one
place (`Place`); a box is a set of places, so a number and the list behind it come from the same rule. What is not
settled has a place of its own, so that the equations hold at every moment.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from screening.protocol.rules import DATABASE_KINDS


@dataclass(frozen=True)
class Place:
    """Where one report stands. `title` and `text`: "open", "include", "exclude" or "" (not at that stage).

    A conflict is "open" here: what is not settled is one thing to everybody who looks at the flow.
    `retrieval`: "sought", "retrieved", "not_retrieved" or "". `removed` before screening: "automation", "other" or "".
    """

    column: str
    title: str = ""
    retrieval: str = ""
    text: str = ""
    reason: str = ""
    removed: str = ""


def place_of(*, column: str, title: str | None, retrieval: str | None, text: str | None, reason: str | None, removed: str = "") -> Place:
    """A report's place from its stage rows; conflicts fold into open, and later stages count only behind earlier ones."""
    if removed:
        return Place(column, removed=removed)
    title, text = _folded(title), _folded(text)
    if column == "databases" and title != "include":
        return Place(column, title=title or "open")
    if text in ("include", "exclude"):
        return Place(column, title=title, retrieval="retrieved", text=text, reason=(reason or "") if text == "exclude" else "")
    return Place(column, title=title, retrieval=retrieval or "sought", text="open")


def _folded(status: str | None) -> str:
    return "open" if status == "conflict" else status or ""


Belongs = Callable[[Place], bool]


def _databases(also: Belongs) -> Belongs:
    return lambda place: place.column == "databases" and also(place)


def _other(also: Belongs) -> Belongs:
    return lambda place: place.column == "other" and also(place)


def _sought(place: Place) -> bool:
    return bool(place.text)


def _not_retrieved(place: Place) -> bool:
    return _sought(place) and place.retrieval == "not_retrieved"


def _awaiting_retrieval(place: Place) -> bool:
    return _sought(place) and place.retrieval == "sought"


def _assessed(place: Place) -> bool:
    return _sought(place) and place.retrieval == "retrieved"


BOXES: dict[str, Belongs] = {
    "excluded_automatic": _databases(lambda place: place.removed == "automation"),
    "excluded_other": _databases(lambda place: place.removed == "other"),
    "records_screened": _databases(lambda place: not place.removed),
    "records_excluded": _databases(lambda place: place.title == "exclude"),
    "title_open": _databases(lambda place: place.title == "open"),
    "dbr_sought_reports": _databases(_sought),
    "dbr_notretrieved_reports": _databases(_not_retrieved),
    "dbr_retrieval_open": _databases(_awaiting_retrieval),
    "dbr_assessed": _databases(_assessed),
    "dbr_excluded": _databases(lambda place: place.text == "exclude"),
    "dbr_text_open": _databases(lambda place: _assessed(place) and place.text == "open"),
    "dbr_included": _databases(lambda place: place.text == "include"),
    "other_sought_reports": _other(_sought),
    "other_notretrieved_reports": _other(_not_retrieved),
    "other_retrieval_open": _other(_awaiting_retrieval),
    "other_assessed": _other(_assessed),
    "other_excluded": _other(lambda place: place.text == "exclude"),
    "other_text_open": _other(lambda place: _assessed(place) and place.text == "open"),
    "other_included": _other(lambda place: place.text == "include"),
    "new_reports": lambda place: place.text == "include",
}
# Numbers that hold of reports of either column, as the splits count them: the boxes each is made of.
ACROSS: dict[str, tuple[str, ...]] = {
    "removed_reports": ("excluded_automatic", "excluded_other"),
    "sought_reports": ("dbr_sought_reports", "other_sought_reports"),
    "notretrieved_reports": ("dbr_notretrieved_reports", "other_notretrieved_reports"),
    "assessed_reports": ("dbr_assessed", "other_assessed"),
    "excluded_reports": ("dbr_excluded", "other_excluded"),
    "settled_reports": ("dbr_excluded", "other_excluded", "new_reports"),
}


def _across(boxes: Sequence[str]) -> Belongs:
    return lambda place: any(BOXES[box](place) for box in boxes)


# Every list of reports that a number opens.
LISTS: dict[str, Belongs] = BOXES | {key: _across(boxes) for key, boxes in ACROSS.items()}
# Included reviews, each with its reports.
REVIEWS = "new_studies"


# Boxes that count records; the list behind each is of records, with the report each stands behind.
RECORD_BOXES: frozenset[str] = frozenset(
    {
        "records_identified",
        "database_results",
        "register_results",
        "duplicates",
        "removed_before_screening",
        "other_identified",
        "website_results",
        "organisation_results",
        "citations_results",
        "other_already_found",
    }
)

NAMES: dict[str, str] = {
    "records_identified": "Records identified from databases and registers",
    "database_results": "Records identified from databases",
    "register_results": "Records identified from registers",
    "removed_before_screening": "Records removed before screening",
    "duplicates": "Duplicate records removed",
    "excluded_automatic": "Records marked as ineligible by automation tools",
    "excluded_other": "Records removed for other reasons",
    "records_screened": "Records screened or waiting to be",
    "records_excluded": "Records excluded on title and abstract",
    "title_open": "Titles and abstracts not settled yet",
    "dbr_sought_reports": "Reports sought for retrieval, databases and registers",
    "dbr_notretrieved_reports": "Reports not retrieved, databases and registers",
    "dbr_retrieval_open": "Reports being sought, databases and registers",
    "dbr_assessed": "Reports assessed for eligibility, databases and registers",
    "dbr_excluded": "Reports excluded at full text, databases and registers",
    "dbr_text_open": "Full texts not settled yet, databases and registers",
    "dbr_included": "Reports included, databases and registers",
    "other_identified": "Records identified by other methods",
    "website_results": "Records identified from websites",
    "organisation_results": "Records identified from organisations and experts",
    "citations_results": "Records identified by citation searching",
    "other_already_found": "Records by other methods that were there already",
    "other_sought_reports": "Reports sought for retrieval, other methods",
    "other_notretrieved_reports": "Reports not retrieved, other methods",
    "other_retrieval_open": "Reports being sought, other methods",
    "other_assessed": "Reports assessed for eligibility, other methods",
    "other_excluded": "Reports excluded at full text, other methods",
    "other_text_open": "Full texts not settled yet, other methods",
    "other_included": "Reports included, other methods",
    "new_reports": "Reports of included reviews",
}
LIST_NAMES: dict[str, str] = {
    **NAMES,
    "removed_reports": "Reports removed before screening, duplicates not counted",
    "sought_reports": "Reports sought for retrieval",
    "notretrieved_reports": "Reports not retrieved",
    "assessed_reports": "Reports assessed for eligibility",
    "excluded_reports": "Reports excluded at full text",
    "settled_reports": "Full texts settled",
    REVIEWS: "Included reviews",
}


@dataclass(frozen=True)
class SourceCount:
    """Records that one source gave, by the kind that decides its column and line.

    `declared`: how many of them were removed elsewhere, so that there is no list of them.
    """

    slug: str
    name: str
    kind: str
    n: int
    declared: int = 0


@dataclass(frozen=True)
class Declared:
    """Records removed elsewhere, before they came here. `source_kind` decides the column, `kind` the box.

    `kind`: "duplicates", "automation" or "other". Sources of the second column have duplicates only.
    """

    source_kind: str
    kind: str
    n: int


REMOVED_BOXES = {"duplicates": "duplicates", "automation": "excluded_automatic", "other": "excluded_other"}


@dataclass(frozen=True)
class Previous:
    """What the version that this review updates had included, and how much of that is left out now."""

    studies: int
    reports: int
    withdrawn_studies: int = 0
    withdrawn_reports: int = 0
    citation: str = ""


@dataclass(frozen=True)
class Counts:
    """Every number of the diagram. `boxes` by key; `sources` in order; reasons as label -> count, per column.

    `previous`: where this review updates an earlier one.
    """

    boxes: Mapping[str, int]
    sources: Sequence[SourceCount]
    reasons: Mapping[str, Mapping[str, int]]
    reviews: int
    primary_studies: int | None = None
    # Box -> how many of its records there is no list of, because they were removed elsewhere.
    without_list: Mapping[str, int] = field(default_factory=dict)
    previous: Previous | None = None
    # Column -> label of a reason -> the part of the list of excluded reports that has those.
    reason_keys: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __getitem__(self, key: str) -> int:
        return self.boxes[key]


OTHER_KINDS = {
    "website": "website_results",
    "organisation": "organisation_results",
    "expert": "organisation_results",
    "citation": "citations_results",
}


def count(
    *,
    places: Mapping[Place, int],
    sources: Sequence[SourceCount],
    reason_labels: Mapping[str, str],
    reviews: int,
    primary_studies: int | None = None,
    declared: Sequence[Declared] = (),
    previous: Previous | None = None,
) -> Counts:
    """All boxes from how many reports stand at each place and how many records each source gave.

    `sources` count what was declared too, which adds to what was identified and to what was removed alike.
    `reviews`: included reviews, one per linked group of included reports. `reason_labels`: criterion id -> label.
    """
    boxes = {key: sum(n for place, n in places.items() if belongs(place)) for key, belongs in BOXES.items()}
    for key, n in removed_elsewhere(declared).items():
        boxes[key] = boxes.get(key, 0) + n
    databases = sum(source.n for source in sources if source.kind == "database")
    registers = sum(source.n for source in sources if source.kind == "register")
    boxes |= {"database_results": databases, "register_results": registers}
    for key in dict.fromkeys(OTHER_KINDS.values()):
        boxes[key] = sum(source.n for source in sources if OTHER_KINDS.get(source.kind) == key)
    other = sum(boxes[key] for key in dict.fromkeys(OTHER_KINDS.values()))
    boxes["records_identified"], boxes["other_identified"] = databases + registers, other
    # Records beyond one per report: the rest of what was identified stands behind a report that is there already.
    boxes["duplicates"] = databases + registers - boxes["records_screened"] - boxes["excluded_automatic"] - boxes["excluded_other"]
    boxes["other_already_found"] = other - boxes["other_sought_reports"]
    boxes["removed_before_screening"] = boxes["duplicates"] + boxes["excluded_automatic"] + boxes["excluded_other"]
    boxes["new_studies"] = reviews
    boxes |= _in_all(previous or Previous(0, 0), reviews, boxes["new_reports"])
    reasons = {column: reasons_of(places, _excluded_in(column), reason_labels) for column in ("databases", "other")}
    return Counts(
        boxes=boxes,
        sources=tuple(sources),
        reasons={column: {one.label: one.n for one in found} for column, found in reasons.items()},
        reason_keys={column: {one.label: one.key for one in found} for column, found in reasons.items()},
        reviews=reviews,
        primary_studies=primary_studies,
        without_list=without_list(declared),
        previous=previous,
    )


def _in_all(previous: Previous, reviews: int, reports: int) -> dict[str, int]:
    """total = previous + new - withdrawn."""
    return {
        "previous_studies": previous.studies,
        "previous_reports": previous.reports,
        "withdrawn_studies": previous.withdrawn_studies,
        "withdrawn_reports": previous.withdrawn_reports,
        "total_studies": previous.studies - previous.withdrawn_studies + reviews,
        "total_reports": previous.reports - previous.withdrawn_reports + reports,
    }


def removed_elsewhere(declared: Sequence[Declared]) -> dict[str, int]:
    """How many records each box of the first column's removals gets from what was declared. Duplicates follow by subtraction."""
    found: dict[str, int] = {}
    for one in declared:
        if one.source_kind in DATABASE_KINDS and one.kind != "duplicates":
            found[REMOVED_BOXES[one.kind]] = found.get(REMOVED_BOXES[one.kind], 0) + one.n
    return found


def without_list(declared: Sequence[Declared]) -> dict[str, int]:
    """Box -> how many of the records it counts were only declared, so that its list is shorter by them."""
    found: dict[str, int] = {}
    for one in declared:
        if one.source_kind in DATABASE_KINDS:
            keys = ["records_identified", f"{one.source_kind}_results", "removed_before_screening", REMOVED_BOXES[one.kind]]
        else:
            keys = ["other_identified", OTHER_KINDS[one.source_kind], "other_already_found"]
        for key in keys:
            found[key] = found.get(key, 0) + one.n
    return found


NO_REASON = "No reason recorded"
# In place of a criterion's id: exclusions that nobody gave a reason for.
NONE = "none"


@dataclass(frozen=True)
class Reason:
    """Why so many reports were excluded. `ids`: the criteria of this label ("" where none is recorded); `key` names it in addresses."""

    label: str
    key: str
    ids: tuple[str, ...]
    n: int


def reasons_of(places: Mapping[Place, int], belongs: Belongs, labels: Mapping[str, str]) -> list[Reason]:
    """The primary reasons of the excluded reports that belong: most first, then by label. `labels`: criterion id -> label.

    Criteria of one label are one reason, as one line of the diagram has them.
    """
    found: dict[str, dict[str, int]] = {}
    for place, n in places.items():
        if place.text == "exclude" and belongs(place) and n:
            ids = found.setdefault(labels.get(place.reason, NO_REASON), {})
            ids[place.reason] = ids.get(place.reason, 0) + n
    named = [Reason(label, NONE if label == NO_REASON else min(ids), tuple(sorted(ids)), sum(ids.values())) for label, ids in found.items()]
    return sorted(named, key=lambda one: (-one.n, one.label))


def _excluded_in(column: str) -> Belongs:
    return lambda place: place.column == column
