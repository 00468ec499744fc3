"""Each kind of file, from counts or from a list. The same content gives the same bytes."""

import csv
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from screening.flow.equations import identities, warnings
from screening.flow.files.excluded import FIELDS, Excluded, excluded
from screening.flow.layout import alone
from screening.flow.package_csv import package_csv
from screening.flow.plain import as_figures
from screening.flow.queries import labels_of
from screening.flow.rules import Counts
from screening.flow.told import in_words, lines_in_words
from screening.flow.words import BOX_NAMES, full_words, in_equation, warnings_as_read, with_labels
from screening.projects.cells import safe_cell
from screening.projects.models import Project
from screening.references.models import Report
from screening.references.writers import WRITERS, Written


@dataclass(frozen=True)
class Kind:
    """A kind of file: how it ends, what it is called, and what it is for. `of_list`: the list of excluded full texts."""

    suffix: str
    content_type: str
    name: Any
    words: Any
    of_list: bool = False

    @property
    def page(self) -> str:
        """The name of its address."""
        return f"{'excluded' if self.of_list else 'prisma'}-{self.suffix}"


ONE_REASON = gettext_lazy(
    "PRIOR item 15b, AMSTAR 2 item 7. One reason for each report: the first criterion, in the order of the protocol, that was not met."
)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CSV = "text/csv; charset=utf-8"
KINDS: dict[str, Kind] = {
    "svg": Kind("svg", "image/svg+xml; charset=utf-8", "SVG", gettext_lazy("The figure for a paper, sharp at any size.")),
    "png": Kind("png", "image/png", "PNG", gettext_lazy("The figure as a picture, for slides and word processors.")),
    "docx": Kind("docx", DOCX, "DOCX", gettext_lazy("The figure, every count in a table, and the equations between them.")),
    "csv": Kind("csv", CSV, "CSV", gettext_lazy("For the PRISMA2020 package and its web page.")),
    "json": Kind("json", "application/json; charset=utf-8", "JSON", gettext_lazy("Every number for other programs.")),
    "excluded-docx": Kind("docx", DOCX, "DOCX", gettext_lazy("Tables for the supplement, one for each reason."), of_list=True),
    "excluded-csv": Kind("csv", CSV, "CSV", gettext_lazy("One line for each report."), of_list=True),
    "excluded-ris": Kind(
        "ris", WRITERS["ris"].CONTENT_TYPE, "RIS", gettext_lazy("For a reference manager, the reason as a note."), of_list=True
    ),
}


def file_name(project: Project, kind: str, at: datetime | None) -> str:
    what = "excluded-full-texts" if KINDS[kind].of_list else "prisma"
    moment = f"-{timezone.localtime(at):%Y-%m-%d-%H%M%S}" if at else ""
    return f"{project.slug}-{what}{moment}.{KINDS[kind].suffix}"


def moment_in_words(at: datetime | None) -> str:
    """The moment a file speaks of; empty where it is now, for that changes no file by itself."""
    return _("As of %(moment)s") % {"moment": date_format(timezone.localtime(at), "j F Y, H:i:s e")} if at else ""


def write(project: Project, kind: str, counts: Counts, at: datetime | None = None) -> bytes:
    """One file of the figure or its counts."""
    made: dict[str, Callable[[Project, Counts, datetime | None], bytes]] = {
        "svg": _svg,
        "png": _png,
        "docx": _docx,
        "csv": lambda project, counts, _at: package_csv(counts, labels_of(project)).encode(),
        "json": _json,
    }
    return made[kind](project, counts, at)


def _svg(project: Project, counts: Counts, at: datetime | None) -> bytes:
    title = f"{project.title}. {moment_in_words(at)}" if at else project.title
    return alone(counts, title=title, words=with_labels(full_words(), labels_of(project))).encode()


def _png(project: Project, counts: Counts, at: datetime | None) -> bytes:
    from screening.projects.pictures import png

    return png(_svg(project, counts, at).decode())


def _json(project: Project, counts: Counts, at: datetime | None) -> bytes:
    figures = {"project": project.slug, "title": project.title, "as_of": at.isoformat() if at else None, **as_figures(counts)}
    return json.dumps(figures, ensure_ascii=False, indent=1).encode()


def _docx(project: Project, counts: Counts, at: datetime | None) -> bytes:
    from screening.projects.documents import document

    words = with_labels(full_words(), labels_of(project))
    doc = document(
        _("PRISMA 2020 flow diagram"), subtitle=". ".join(filter(None, [project.title, moment_in_words(at)])), language=get_language()
    )
    doc.landscape()
    doc.picture(_png(project, counts, at), alt=in_words(counts, words), width=25)
    doc.heading(_("Counts"))
    doc.table([_("Box"), "n"], count_rows(counts), widths=[19, 4])
    for column, name in (("databases", words.out), ("other", words.other_out)):
        if counts.reasons[column]:
            side = words.column_databases if column == "databases" else words.column_other
            doc.heading(f"{name}: {side}", level=2)
            doc.table([_("Reason"), "n"], list(counts.reasons[column].items()), widths=[19, 4])
    doc.heading(_("How the numbers add up"))
    doc.bullets(equation_in_words(line) for line in identities(counts))
    for warning in warnings_as_read(warnings(counts)):
        doc.paragraph(warning)
    doc.heading(_("The diagram in words"))
    for line in lines_in_words(counts, words):
        doc.paragraph(line)
    return doc.as_bytes()


def count_rows(counts: Counts) -> list[tuple[str, int]]:
    """Every box with its number, sources under theirs."""
    rows: list[tuple[str, int]] = []
    for key, name in BOX_NAMES.items():
        rows.append((str(name), counts[key]))
        if key in ("records_identified", "other_identified"):
            column = key == "records_identified"
            rows += [(f"    {s.name}", s.n) for s in counts.sources if (s.kind in ("database", "register")) == column]
    rows.append((_("Reviews included"), counts.reviews))
    if counts.primary_studies is not None:
        rows.append((_("Primary studies in included reviews"), counts.primary_studies))
    if counts.previous:
        rows += [
            (_("Reviews in the previous version"), counts["previous_studies"]),
            (_("Of these, withdrawn since"), counts["withdrawn_studies"]),
            (_("Reviews in all"), counts["total_studies"]),
            (_("Reports in all"), counts["total_reports"]),
        ]
    return rows


def equation_in_words(line: Any) -> str:
    right = " + ".join(f"{n:,} {in_equation(words)}" for words, n in line.right) or "0"
    said = f"{in_equation(line.words)}: {line.left:,} = {right}"
    return said if line.holds else f"{said} (" + _("does not hold") + ")"


def write_excluded(project: Project, kind: str, at: datetime | None = None) -> Iterable[bytes]:
    """The list piece by piece; of a past moment inside `as_of`."""
    if kind == "excluded-ris":
        return (_ris(one, n).encode() for n, one in enumerate(excluded(project), start=1))
    if kind == "excluded-csv":
        return _csv(excluded(project))
    return [_table(project, list(excluded(project)), at)]


def _csv(rows: Iterable[Excluded]) -> Iterable[bytes]:
    header = (_("Reason"), _("Found by"), *FIELDS)
    yield "\ufeff".encode() + _line(header)
    for one in rows:
        values = [getattr(one.report, name) for name in FIELDS]
        yield _line([one.reason, _side(one), *("; ".join(value) if isinstance(value, list) else value for value in values)])


def _line(cells: Iterable[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow([safe_cell("" if cell is None else cell) for cell in cells])
    return text.getvalue().encode("utf-8", "replace")


def _side(one: Excluded) -> str:
    return _("Databases and registers") if one.column == Report.Column.DATABASES else _("Other methods")


def _ris(one: Excluded, n: int) -> str:
    fields = {name: getattr(one.report, name) for name in Written.__dataclass_fields__ if hasattr(one.report, name) and name != "id"}
    entry = WRITERS["ris"].entry(Written(**fields, id=str(one.report.pk), stands=_("Excluded at full text"), reason=one.reason), n)
    note = " ".join((_("Excluded at full text: %(reason)s") % {"reason": one.reason}).split())
    return entry.replace("\r\nER  - ", f"\r\nN1  - {note}\r\nER  - ", 1)


def _table(project: Project, rows: list[Excluded], at: datetime | None) -> bytes:
    from screening.projects.documents import document

    subtitle = ". ".join(filter(None, [project.title, moment_in_words(at)]))
    doc = document(_("Full texts excluded, with reasons"), subtitle=subtitle, language=get_language())
    doc.landscape()
    doc.paragraph(str(ONE_REASON), note=True)
    if not rows:
        doc.paragraph(_("No full text was excluded."))
    by_reason: dict[str, list[Excluded]] = {}
    for one in rows:
        by_reason.setdefault(one.reason, []).append(one)
    for reason, group in sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0])):
        doc.heading(f"{reason} (n = {len(group):,})", level=2)
        doc.table([_("Report"), _("Found by")], [(one.cited, _side(one)) for one in group], widths=[20, 5])
    return doc.as_bytes()
