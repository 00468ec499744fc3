"""Which pairs are versions of one review rather than one report: two documents that belong together."""

import re

from .compare import Comparison, Says, Titles
from .prepared import Prepared

_SENTENCES = {
    "correction": "One is a correction of the other.",
    "retraction": "One is the notice that retracts the other.",
    "withdrawn": "One is the withdrawn version of the other.",
    "comment": "One is a comment on the other, or a reply to it.",
    "supplement": "One is data or supplementary material of the other.",
    "update": "One is an update of the other.",
    "protocol": "One is the protocol of the other.",
}
_SUBTITLES = frozenset({"protocol", "supplement", "update"})


def versions(a: Prepared, b: Prepared, c: Comparison) -> str | None:
    """A sentence where the two are versions of one review; "" where they must stay apart; None where neither is so."""
    if c.title is Titles.OTHER:
        return "" if a.nature.kind == b.nature.kind == "cochrane" and _differ(a.nature.number, b.nature.number) else None
    fit = c.title >= Titles.NEAR or c.title is Titles.BEGINS
    marks = (a.title.marks ^ b.title.marks) & _SENTENCES.keys()
    if marks and not (marks <= _SUBTITLES and _one_document(c)):
        return _SENTENCES[min(marks)] if fit or c.authors is Says.AGREE else ""
    for nature, rule in (("cochrane", _cochrane), ("preprint", _preprint), ("registry", _registry)):
        if nature in (a.nature.kind, b.nature.kind):
            return rule(a, b, c)
    if c.doi is Says.DIFFER and (numbers := _doi_versions(a.doi, b.doi)):
        return f"Two versions of one article: the DOIs differ in their version ({numbers})."
    return _kinds(a, b, c) if c.title is Titles.SAME else None


_VERSION = re.compile(r"^(.{8,}?)[./]v?(\d{1,2})$")


def _doi_versions(a: str, b: str) -> str:
    """F1000 and others count the versions of an article at the end of its DOI (10.12688/f1000research.1234.2)."""
    first, second = _VERSION.match(a), _VERSION.match(b)
    return " and ".join(sorted((first[2], second[2]))) if first and second and first[1] == second[1] else ""


def _one_document(c: Comparison) -> bool:
    """A subtitle that only one database prints; "Erratum" is no subtitle, and may bear the DOI of what it corrects."""
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
        first, second = sorted((a.nature.version, b.nature.version), key=int)
        return f"Two versions of one Cochrane review: pub{first} and pub{second}."
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
    if not (a.journal or a.doi or a.volume) or not (b.journal or b.doi or b.volume):
        return None
    return "One is a preprint, the other the published article."


def _registry(a: Prepared, b: Prepared, c: Comparison) -> str | None:
    if a.nature.kind == b.nature.kind:
        return "" if _differ(a.nature.number, b.nature.number) else None
    return "One is an entry of a register, the other a publication of it."


def _kinds(a: Prepared, b: Prepared, c: Comparison) -> str | None:
    """A thesis, a conference abstract and an article may bear one title."""
    if a.title.generic or Says.AGREE in (c.doi, c.pmid) or c.authors < Says.CLOSE or c.pages >= Says.CLOSE:
        return None
    kinds = {a.nature.kind, b.nature.kind}
    if "thesis" in kinds and len(kinds) > 1 and (c.journal is Says.DIFFER or c.pages is Says.DIFFER or c.volume is Says.DIFFER):
        return "One is a thesis, the other a publication of it."
    elsewhere = (c.journal is Says.DIFFER) + (c.volume is Says.DIFFER) + (c.pages is Says.DIFFER) + (c.doi is Says.DIFFER)
    if elsewhere >= 2 and c.journal is Says.DIFFER:
        return "Same title and authors, printed in two places: perhaps a conference abstract and its article."
    if c.authors is Says.AGREE and c.year and c.volume is c.pages is Says.DIFFER:
        return "Same title and authors, printed again in another year: perhaps an update."
    return None
