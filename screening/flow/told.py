"""The flow in words: for those who hear the diagram, and a paragraph for the methods section with every figure live."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.flow.rules import Counts
from screening.flow.words import Words
from screening.protocol.rules import DATABASE_KINDS

TITLES, TEXTS = "title_abstract", "full_text"


def number(n: int) -> str:
    return f"{n:,}"


def _told(label: str, n: int, rows: Iterable[tuple[str, int]] = ()) -> str:
    of = ", ".join(f"{name} {number(count)}" for name, count in rows)
    return f"{label}: {number(n)} ({of})." if of else f"{label}: {number(n)}."


def lines_in_words(counts: Counts, words: Words) -> list[str]:
    """The whole diagram, box after box in the order of reading. What is not settled is said where it stands."""
    b = counts.boxes
    databases = [(s.name, s.n) for s in counts.sources if s.kind in DATABASE_KINDS]
    others = [(s.name, s.n) for s in counts.sources if s.kind not in DATABASE_KINDS]
    removed = [
        (words.duplicates, b["duplicates"]),
        (words.automation, b["excluded_automatic"]),
        (words.other_reasons, b["excluded_other"]),
    ]
    lines = [f"{words.column_previous}. {_told(words.previous, b['previous_studies'])}"] if counts.previous else []
    lines += [
        f"{words.column_databases}. {_told(words.identified, b['records_identified'], databases)}",
        _told(words.removed, b["removed_before_screening"], removed),
        _told(words.titles, b["records_screened"]) + _open(b["title_open"]),
        _told(words.titles_out, b["records_excluded"]),
        *_texts(counts, "dbr", "databases", (words.sought, words.missing, words.assessed, words.out)),
        f"{words.column_other}. {_told(words.other, b['other_identified'], others)}",
        *_texts(counts, "other", "other", (words.other_sought, words.other_missing, words.other_assessed, words.other_out)),
        _told(words.included, b["new_studies"]),
        _told(words.reports, b["new_reports"]),
    ]
    if counts.primary_studies is not None:
        lines.append(_told(words.studies, counts.primary_studies))
    if counts.previous:
        lines += [_told(words.withdrawn, b["withdrawn_studies"]), _told(words.total, b["total_studies"])]
        lines.append(_told(words.total_reports, b["total_reports"]))
    return lines


def _texts(counts: Counts, column: str, reasons: str, labels: tuple[str, str, str, str]) -> list[str]:
    b, (sought, missing, assessed, out) = counts.boxes, labels
    being = b[f"{column}_retrieval_open"]
    return [
        _told(sought, b[f"{column}_sought_reports"]) + (" " + _("Being sought: %(n)s.") % {"n": number(being)} if being else ""),
        _told(missing, b[f"{column}_notretrieved_reports"]),
        _told(assessed, b[f"{column}_assessed"]) + _open(b[f"{column}_text_open"]),
        _told(out, b[f"{column}_excluded"], counts.reasons[reasons].items()),
    ]


def _open(n: int) -> str:
    return " " + _("Not settled yet: %(n)s.") % {"n": number(n)} if n else ""


def in_words(counts: Counts, words: Words) -> str:
    return " ".join(lines_in_words(counts, words))


@dataclass(frozen=True)
class Screened:
    """How a stage was screened: by how many people, after a pilot of so many per cent or none, and what kappa is."""

    required: int = 2
    pilot: int = 0
    single: bool = False
    kappa: str = ""

    @property
    def who(self) -> str:
        """Who read each report, as the subject of a sentence."""
        many = self.required
        if many == 1:
            return _("one reviewer")
        both = _("two reviewers independently") if many == 2 else _("%(n)s reviewers independently") % {"n": many}
        if self.pilot and self.single:
            return _("%(who)s for a random %(n)s%% of them, and then one reviewer,") % {"who": both, "n": self.pilot}
        return both


def methods(counts: Counts, stages: Mapping[str, Screened]) -> str:
    """A paragraph for the methods section. Every figure in it stands in the diagram, or on the page of agreement."""
    b = counts.boxes
    titles, texts = stages.get(TITLES, Screened()), stages.get(TEXTS, Screened())
    said = [_identified(counts)]
    said.append(
        _("After removing %(removed)s, %(who)s screened the titles and abstracts of %(screened)s%(kappa)s and excluded %(excluded)s.")
        % {
            "removed": _removed(b),
            "who": titles.who,
            "screened": _records(b["records_screened"] - b["title_open"]),
            "kappa": _kappa(titles),
            "excluded": number(b["records_excluded"]),
        }
    )
    said.append(_full_texts(b, texts))
    out = b["dbr_excluded"] + b["other_excluded"]
    reasons = _reasons(counts)
    said.append(
        _("%(out)s excluded%(reasons)s, and %(included)s included.")
        % {
            "out": ngettext("%(n)s report was", "%(n)s reports were", out) % {"n": number(out)},
            "reasons": f" ({reasons})" if reasons else "",
            "included": _included(counts),
        }
    )
    said += _beside(counts)
    return " ".join(said)


def _records(n: int) -> str:
    return ngettext("%(n)s record", "%(n)s records", n) % {"n": number(n)}


def _reports(n: int) -> str:
    return ngettext("%(n)s report", "%(n)s reports", n) % {"n": number(n)}


def _kappa(stage: Screened) -> str:
    if not stage.kappa or stage.required < 2:
        return ""
    said = _("kappa %(figure)s") % {"figure": stage.kappa}
    return f" ({said})"


def _identified(counts: Counts) -> str:
    b = counts.boxes
    from_databases = "; ".join(f"{s.name}, {number(s.n)}" for s in counts.sources if s.kind in DATABASE_KINDS)
    first = _("We identified %(records)s in databases and registers%(sources)s") % {
        "records": _records(b["records_identified"]),
        "sources": f" ({from_databases})" if from_databases else "",
    }
    if not b["other_identified"]:
        return f"{first}."
    return _("%(first)s and %(others)s by other methods.") % {"first": first, "others": number(b["other_identified"])}


def _removed(b: Mapping[str, int]) -> str:
    duplicates = ngettext("%(n)s duplicate", "%(n)s duplicates", b["duplicates"]) % {"n": number(b["duplicates"])}
    parts = [duplicates]
    if b["excluded_automatic"]:
        parts.append(_("%(n)s marked as ineligible by automation tools") % {"n": _records(b["excluded_automatic"])})
    if b["excluded_other"]:
        parts.append(_("%(n)s for other reasons") % {"n": _records(b["excluded_other"])})
    return _listed(parts)


def _listed(parts: Sequence[str]) -> str:
    *first, last = parts
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def _full_texts(b: Mapping[str, int], texts: Screened) -> str:
    sought = b["dbr_sought_reports"] + b["other_sought_reports"]
    missing = b["dbr_notretrieved_reports"] + b["other_notretrieved_reports"]
    assessed = b["dbr_assessed"] + b["other_assessed"] - b["dbr_text_open"] - b["other_text_open"]
    return _(
        "We sought %(sought)s in full, could not retrieve %(missing)s, and %(who)s assessed %(assessed)s for eligibility%(kappa)s."
    ) % {
        "sought": _reports(sought),
        "missing": number(missing),
        "who": texts.who,
        "assessed": _reports(assessed),
        "kappa": _kappa(texts),
    }


def _reasons(counts: Counts) -> str:
    summed: dict[str, int] = {}
    for reasons in counts.reasons.values():
        for label, n in reasons.items():
            summed[label] = summed.get(label, 0) + n
    return "; ".join(f"{label}, {number(n)}" for label, n in sorted(summed.items(), key=lambda one: (-one[1], one[0])))


def _included(counts: Counts) -> str:
    reviews, reports = counts["new_studies"], counts["new_reports"]
    said = ngettext("%(n)s review was", "%(n)s reviews were", reviews) % {"n": number(reviews)}
    if reviews == reports:
        return said
    return ngettext("%(n)s review (%(reports)s) was", "%(n)s reviews (%(reports)s) were", reviews) % {
        "n": number(reviews),
        "reports": _reports(reports),
    }


def _beside(counts: Counts) -> list[str]:
    """The update, the primary studies, and what is not settled yet."""
    b, said = counts.boxes, []
    if counts.previous:
        said.append(
            _("With the %(n)s of the previous version, less %(gone)s withdrawn since, the review covers %(all)s.")
            % {"n": number(b["previous_studies"]), "gone": number(b["withdrawn_studies"]), "all": number(b["total_studies"])}
        )
    if counts.primary_studies is not None:
        said.append(_("They list %(n)s primary studies.") % {"n": number(counts.primary_studies)})
    left = b["title_open"] + b["dbr_text_open"] + b["other_text_open"] + b["dbr_retrieval_open"] + b["other_retrieval_open"]
    if left:
        said.append(
            ngettext(
                "(%(n)s report is not settled yet: this paragraph will change.)",
                "(%(n)s reports are not settled yet: this paragraph will change.)",
                left,
            )
            % {"n": number(left)}
        )
    return said
