"""Which pairs are versions of one review rather than one report: two documents that belong together."""

from .compare import Comparison, Says, Titles
from .prepared import Prepared

_SENTENCES = {
    "correction": "One is a correction of the other.",
    "retraction": "One is the notice that retracts the other.",
    "withdrawn": "One is the withdrawn version of the other.",
    "comment": "One is a comment on the other, or a reply to it.",
    "protocol": "One is the protocol of the other.",
}


def versions(a: Prepared, b: Prepared, c: Comparison) -> str | None:
    """A sentence where the two are versions of one review; "" where they must stay apart; None where neither is so."""
    if c.title is Titles.OTHER:
        return "" if a.nature.kind == b.nature.kind == "cochrane" and _differ(a.nature.number, b.nature.number) else None
    fit = c.title >= Titles.NEAR or c.title is Titles.BEGINS
    if (marks := (a.title.marks ^ b.title.marks) & _SENTENCES.keys()) and not _one_document(c):
        return _SENTENCES[min(marks)] if fit or c.authors is Says.AGREE else ""
    for nature in ("cochrane", "preprint", "registry"):
        if nature in (a.nature.kind, b.nature.kind):
            return globals()[f"_{nature}"](a, b, c)
    return _kinds(a, b, c) if c.title is Titles.SAME else None


def _one_document(c: Comparison) -> bool:
    """A mark that only one database prints: everything else says that it is the same document."""
    return c.pmid is Says.AGREE or (c.doi is Says.AGREE and c.pages is not Says.DIFFER)


def _differ(a: str, b: str) -> bool:
    return bool(a and b and a != b)


def _cochrane(a: Prepared, b: Prepared, c: Comparison) -> str | None:
    """Versions of one Cochrane review share title, authors and CD number; issue, year or the DOI's pub tell them apart."""
    if a.nature.kind != b.nature.kind:
        return None
    if _differ(a.nature.number, b.nature.number):
        return ""
    if _differ(a.nature.version, b.nature.version):
        return f"Two versions of one Cochrane review: pub{min(a.nature.version, b.nature.version)} and pub{max(a.nature.version, b.nature.version)}."
    if c.doi is Says.AGREE or c.pmid is Says.AGREE:
        return None
    if c.year or (c.pmid is Says.DIFFER) or c.issue is Says.DIFFER:
        return "Two versions of one Cochrane review: the year or the issue differs."
    return None


def _preprint(a: Prepared, b: Prepared, c: Comparison) -> str | None:
    if a.nature.kind == b.nature.kind:
        if c.doi is Says.DIFFER:
            return "Two versions of one preprint."
        return None
    if c.doi is Says.AGREE:
        return None
    if not (a.journal or a.doi) or not (b.journal or b.doi):
        return None
    return "One is a preprint, the other the published article."


def _registry(a: Prepared, b: Prepared, c: Comparison) -> str | None:
    if a.nature.kind == b.nature.kind:
        return "" if _differ(a.nature.number, b.nature.number) else None
    return "One is an entry of a register, the other a publication of it."


def _kinds(a: Prepared, b: Prepared, c: Comparison) -> str | None:
    """A thesis, a conference abstract and an article may bear one title."""
    if Says.AGREE in (c.doi, c.pmid) or c.authors < Says.CLOSE or c.pages >= Says.CLOSE:
        return None
    kinds = {a.nature.kind, b.nature.kind}
    if "thesis" in kinds and len(kinds) > 1 and (c.journal is Says.DIFFER or c.pages is Says.DIFFER or c.volume is Says.DIFFER):
        return "One is a thesis, the other a publication of it."
    elsewhere = (c.journal is Says.DIFFER) + (c.volume is Says.DIFFER) + (c.pages is Says.DIFFER) + (c.doi is Says.DIFFER)
    if elsewhere >= 2 and c.journal is Says.DIFFER:
        return "Same title and authors, printed in two places: perhaps a conference abstract and its article."
    return None
