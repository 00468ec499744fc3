"""The facets beside the list: what there is to choose, in words, with how many reports have it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.projects import contributions
from screening.projects.models import Membership, Project
from screening.protocol.queries import latest_descriptions
from screening.references.models import Label, SavedFilter
from screening.references.queries.bits import visible_labellings
from screening.references.queries.finding import FACETS, Asked, Found, years_in
from screening.references.wording import FLAGS, in_words

SHOWN_AT_FIRST = 6
YEARS_EACH = 5
OLDEST_SHOWN = 1990

NAMES = {
    "source": gettext_lazy("Source"),
    "also": gettext_lazy("Also found by"),
    "label": gettext_lazy("Label"),
    "year": gettext_lazy("Year"),
    "kind": gettext_lazy("Type"),
    "language": gettext_lazy("Language"),
    "abstract": gettext_lazy("Abstract"),
    "flag": gettext_lazy("Flagged as"),
    "found": gettext_lazy("Found by"),
    "removed": gettext_lazy("Before screening"),
}
FIXED: dict[str, tuple[tuple[str, str], ...]] = {
    "abstract": (("yes", gettext_lazy("With an abstract")), ("no", gettext_lazy("Without an abstract"))),
    "flag": tuple(FLAGS.items()),
    "found": (
        ("1", gettext_lazy("1 source")),
        ("2", gettext_lazy("2 sources")),
        ("3", gettext_lazy("3 sources")),
        ("4", gettext_lazy("4 sources or more")),
    ),
    "removed": (("yes", gettext_lazy("Removed before screening")),),
}
NOT_GIVEN = gettext_lazy("Not given")
# Open from the beginning; the others where something in them is chosen.
OPEN = ("stands", "source", "label", "year")


@dataclass(frozen=True)
class Choice:
    """One value of a facet: how many of the reports found have it, and the words it stands under."""

    value: str
    words: str
    n: int
    chosen: bool


@dataclass(frozen=True)
class FacetShown:
    """A facet with its choices: `first` at once, `more` behind a disclosure."""

    name: str
    label: str
    first: Sequence[Choice]
    more: Sequence[Choice]
    open: bool

    @property
    def chosen(self) -> list[Choice]:
        return [choice for choice in (*self.first, *self.more) if choice.chosen]


def facets_of(project: Project, found: Found, labels: Sequence[Label]) -> list[FacetShown]:
    """Every facet that has something to choose, in the order of the page."""
    contributed = {facet.name: facet for facet in contributions.report_facets()}
    names = {**NAMES, **{name: facet.label for name, facet in contributed.items()}}
    fixed = {**FIXED, **{name: facet.choices for name, facet in contributed.items()}}
    sources = {str(d.source_id): (d.source.slug, d.name) for d in latest_descriptions(project)}
    shown = []
    for name in FACETS:
        chosen = set(found.asked.chosen.get(name, ()))
        groups = contributed[name].groups if name in contributed else {}
        chosen |= {key for value in chosen for key in groups.get(value, ())}
        counts = {value: n for (facet, value), n in found.counts.items() if facet == name}
        if name == "source":
            lines = [(slug, words, counts.get(pk, 0)) for pk, (slug, words) in sources.items()]
        elif name == "also":
            # Which others, only once it is said of which source.
            of = set(found.asked.chosen.get("source", ()))
            lines = [(slug, words, counts.get(pk, 0)) for pk, (slug, words) in sources.items() if slug in chosen or (of and slug not in of)]
        elif name == "label":
            lines = [(str(label.pk), label.name, counts.get(str(label.pk), 0)) for label in labels]
        elif name == "year":
            lines = _year_lines(counts, chosen)
        elif name in fixed:
            lines = [(value, words, counts.get(value, 0)) for value, words in fixed[name]]
        else:
            lines = [(value, NOT_GIVEN if value == "none" else in_words(value), n) for value, n in _largest_first(counts)]
        kept = [Choice(value, str(words), n, value in chosen) for value, words, n in lines if n or value in chosen]
        if name in names and (
            len(kept) > 1 or any(choice.chosen for choice in kept) or (kept and name in ("also", "flag", "removed", "text", "label"))
        ):
            first = [
                choice for place, choice in enumerate(kept) if place < SHOWN_AT_FIRST + (len(kept) == SHOWN_AT_FIRST + 1) or choice.chosen
            ]
            more = [choice for choice in kept if choice not in first]
            shown.append(FacetShown(name, str(names[name]), first, more, name in OPEN or bool(chosen)))
    return shown


def _largest_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (item[0] == "none", -item[1], item[0]))


def _year_lines(counts: Mapping[str, int], chosen: Iterable[str]) -> list[tuple[str, str, int]]:
    """Ranges of five years from the newest down; what is older together; and ranges somebody typed."""
    years = {int(year): n for year, n in counts.items() if year}
    ranges: list[str] = []
    if years:
        newest = max(years) - max(years) % YEARS_EACH + YEARS_EACH - 1
        last = max(OLDEST_SHOWN, min(years))
        ranges = [f"{end - YEARS_EACH + 1}-{end}" for end in range(newest, last - 1, -YEARS_EACH)]
        if ranges and min(years) < (oldest := int(ranges[-1][:4])):
            ranges.append(f"-{oldest - 1}")
    ranges += [value for value in chosen if value not in ranges and value != "none"]
    lines = []
    for value in ranges:
        first, last = years_in(value) or (1, 0)
        lines.append((value, years_in_words(value), sum(n for year, n in years.items() if first <= year <= last)))
    return [*lines, ("none", NOT_GIVEN, counts.get("", 0))]


def years_in_words(value: str) -> str:
    first, dash, last = value.partition("-")
    if not dash:
        return first
    said = _("%(first)s to %(last)s") if first and last else _("%(first)s and later") if first else _("%(last)s and before")
    return said % {"first": first, "last": last}


@dataclass(frozen=True)
class Chip:
    """One thing the list is narrowed by, and the address of the list without it."""

    facet: str
    words: str
    url: str


def chips_of(asked: Asked, facets: Sequence[FacetShown]) -> list[Chip]:
    """What the list is narrowed by, each to be taken away."""
    chips = [Chip(_("Words"), asked.q, asked.without("q").address())] if asked.q else []
    words = {(facet.name, choice.value): (facet.label, choice.words) for facet in facets for choice in (*facet.first, *facet.more)}
    groups = {facet.name: facet for facet in contributions.report_facets()}
    for name, values in asked.chosen.items():
        for value in values:
            label, said = words.get(
                (name, value), (groups[name].label if name in groups else NAMES.get(name, name), value.replace("_", " "))
            )
            chips.append(Chip(str(label), said, asked.without(name, value).address()))
    return chips


@dataclass(frozen=True)
class LabelShown:
    """A label on a report, as one member may see it."""

    id: UUID
    name: str
    mine: bool


def labels_on(viewer: Membership, report_ids: Sequence[UUID]) -> dict[UUID, list[LabelShown]]:
    """Report id -> its labels as far as this member may see them, by name: one query for a page of reports."""
    rows = visible_labellings(viewer).filter(anchor__placement__report__in=list(report_ids))
    mine: dict[tuple[UUID, UUID, str], bool] = {}
    for report, label, name, by in rows.values_list("anchor__placement__report_id", "label_id", "label__name", "by_id").order_by(
        "label__name"
    ):
        mine[report, label, name] = mine.get((report, label, name), False) or by == viewer.pk
    found: dict[UUID, list[LabelShown]] = {}
    for (report, label, name), is_mine in mine.items():
        found.setdefault(report, []).append(LabelShown(label, name, is_mine))
    return found


def saved_filters(viewer: Membership) -> list[SavedFilter]:
    """One's own filters and those others share with the team, one's own first."""
    rows = SavedFilter.objects.filter(project=viewer.project_id).select_related("member").order_by("name", "id")
    kept = [row for row in rows if row.member_id == viewer.pk or row.shared]
    return sorted(kept, key=lambda row: row.member_id != viewer.pk)
