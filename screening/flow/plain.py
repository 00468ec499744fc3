"""Counts as plain data, for JSON, and back. Pure."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from screening.flow.equations import identities, warnings
from screening.flow.rules import Counts, Previous, SourceCount


def as_figures(counts: Counts) -> dict[str, Any]:
    """Every number as plain data, for JSON: boxes, sources, reasons, identities (with whether each holds), warnings."""
    return {
        "boxes": dict(sorted(counts.boxes.items())),
        "sources": [{"slug": s.slug, "name": s.name, "kind": s.kind, "n": s.n, "declared": s.declared} for s in counts.sources],
        "without_list": dict(sorted(counts.without_list.items())),
        "reasons": {
            column: [{"label": label, "n": n, "part": counts.reason_keys.get(column, {}).get(label, "")} for label, n in reasons.items()]
            for column, reasons in counts.reasons.items()
        },
        "included_reviews": counts.reviews,
        "primary_studies": counts.primary_studies,
        "previous": asdict(counts.previous) if counts.previous else None,
        "identities": [
            {"words": i.words, "left": i.left, "box": i.box, "right": [asdict(term) for term in i.terms], "holds": i.holds}
            for i in identities(counts)
        ],
        "warnings": warnings(counts),
    }


def from_figures(figures: Mapping[str, Any]) -> Counts:
    """Counts again from what `as_figures` made of them, whatever time has gone by."""
    return Counts(
        boxes=dict(figures["boxes"]),
        sources=tuple(SourceCount(**source) for source in figures["sources"]),
        reasons={column: {one["label"]: one["n"] for one in reasons} for column, reasons in figures["reasons"].items()},
        # Moments counted before the parts were named have none.
        reason_keys={
            column: {one["label"]: one["part"] for one in reasons if one.get("part")} for column, reasons in figures["reasons"].items()
        },
        reviews=figures["included_reviews"],
        primary_studies=figures["primary_studies"],
        without_list=dict(figures["without_list"]),
        previous=Previous(**figures["previous"]) if figures["previous"] else None,
    )
