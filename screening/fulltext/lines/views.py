"""What if the line were elsewhere: the page with the slider, what was kept, and both as CSV."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from screening.fulltext.lines import actions
from screening.fulltext.lines.forms import SnapshotForm
from screening.fulltext.lines.printed import as_data, cca_words, fate_words, line_data, share_printed, table_of
from screening.fulltext.lines.queries import Seen, protocol_line, seen_at, snapshot_of, snapshots_of, thresholds_of
from screening.fulltext.lines.rules import FATES, NOT_KNOWABLE, Outlook, line_from
from screening.fulltext.worksheet.queries import body_held_against
from screening.projects.access import project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.projects.typed import with_words
from screening.protocol.versions.printed import as_csv

SIZE = 50


def _asked(request: HttpRequest, default: Decimal) -> tuple[Decimal, str]:
    """The line asked for, and what is wrong with it: a number typed exactly goes before the slider's."""
    text = request.GET.get("exact", "").strip() or request.GET.get("line", "").strip()
    if not text:
        return default, ""
    try:
        return line_from(text), ""
    except ValueError:
        return default, _("The line is a percentage from 1 to 100, for example 45. Shown is the protocol's own.")


def _seen(request: HttpRequest, membership: Membership) -> tuple[Seen | None, list[Any], str]:
    body = body_held_against(membership.project)
    thresholds = thresholds_of(body)
    wanted = request.GET.get("criterion", "")
    chosen = next((one for one in thresholds if one["id"] == wanted), None)
    if wanted and chosen is None:
        raise Http404
    chosen = chosen or (thresholds[0] if thresholds else None)
    if chosen is None:
        return None, [], ""
    line, wrong = _asked(request, protocol_line(chosen))
    return seen_at(membership, chosen["id"], line), thresholds, wrong


@project_page("decisions.see")
@require_safe
def lines(request: HttpRequest, membership: Membership) -> HttpResponse:
    """`?criterion=&line=45` (or `exact=42.5`), `&show=comes` one fate only, `&after=` the next page. Nothing is changed."""
    seen, thresholds, wrong = _seen(request, membership)
    context: dict[str, Any] = {"kept": snapshots_of(membership.project)[:20], "seen": seen}
    if seen is not None:
        show = request.GET.get("show", "")
        show = show if show in FATES else ""
        context |= _context(seen, show, request.GET.get("after", ""))
        context |= {"thresholds": thresholds, "wrong": wrong, "show": show, "why_not": reason_against(membership, "lines.keep")}
        context["form"] = SnapshotForm(initial={"criterion": seen.criterion["id"], "line": f"{seen.line:f}"})
    return render(request, "fulltext/lines.html", context, status=422 if wrong else 200)


def _context(seen: Seen, show: str, after: str) -> dict[str, Any]:
    found = [one for one in seen.outlooks if (one.fate == show if show else one.fate not in ("stays", "below"))]
    found.sort(key=lambda one: FATES.index(one.fate))
    # The page after the report named: its place is found again, wherever the list has moved meanwhile.
    start = next((n for n, one in enumerate(found, start=1) if one.held.report == after), 0)
    page = found[start : start + SIZE]
    rows = [_row(seen, one) for one in page]
    return {
        "table": _table(seen),
        "by_question": [(label, [one.questions[key] for one in seen.lines]) for key, label in seen.questions.items()],
        "asked": seen.asked,
        "not_knowable": [(fate_words(fate), seen.asked.fates[fate], fate) for fate in NOT_KNOWABLE if seen.asked.fates[fate]],
        "rows": rows,
        "bars": any(row["bar"] for row in rows),
        "n_rows": len(found),
        "next_after": page[-1].held.report if page and start + SIZE < len(found) else "",
        "choices": [(fate, fate_words(fate), seen.asked.fates[fate]) for fate in FATES if seen.asked.fates[fate]],
        "ticks": range(10, 100, 10),
    }


def _row(seen: Seen, one: Outlook) -> dict[str, Any]:
    bounds = one.bounds
    bar = None
    if bounds is not None:
        low, high = float(bounds.low) * 100, float(bounds.high) * 100
        bar = {"x": f"{low:.1f}", "width": f"{max(high - low, 1.4):.1f}", "line": f"{seen.line:f}", "own": f"{seen.protocol_line:f}"}
    return {
        "report": one.held.report,
        "title": seen.titles.get(one.held.report, ""),
        "included": one.held.included,
        "fate": one.fate,
        "words": fate_words(one.fate),
        "share": share_printed(bounds.low, bounds.high) if bounds else "",
        "bar": bar,
    }


def _table(seen: Seen) -> list[dict[str, Any]]:
    """The lines side by side, each as its column: what would change, what depends, and the included set."""
    columns = []
    for one in seen.lines:
        plain = line_data(seen, one)
        overlap = plain["overlap"] if any(plain["overlap"]) else None
        columns.append(
            {
                "line": f"{one.line:f}",
                "own": one.line == seen.protocol_line,
                "asked": one.line == seen.line,
                "fates": one.fates,
                "depending": one.depending,
                "reports": one.reports,
                "reviews": one.reviews,
                "cca": cca_words(overlap) if overlap else "",
            }
        )
    return columns


def _file(name: str, text: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@project_page("decisions.see")
@require_safe
def lines_csv(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Everything on the page, and every full text, as CSV."""
    seen, _thresholds, _wrong = _seen(request, membership)
    if seen is None:
        raise Http404
    return _file(f"{membership.project.slug}-line-{seen.line:f}.csv", as_csv(table_of(as_data(seen))))


def _typed(form: SnapshotForm) -> list[str]:
    return [form.data.get("name", ""), form.data.get("why", "")]


@project_page("lines.keep")
@require_POST
def keep(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Keep what is seen now, as a sensitivity analysis."""
    form = SnapshotForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(_("A snapshot needs a name of at most 120 letters."))
        values = form.cleaned_data
        made = actions.keep(
            by=membership, criterion=str(values["criterion"]), line=line_from(values["line"]), name=values["name"], why=values["why"]
        )
    except ValueError:
        messages.error(request, with_words(_("The line is a percentage from 1 to 100, for example 45."), *_typed(form)))
    except Refused as refusal:
        messages.error(request, with_words(refusal, *_typed(form)))
    else:
        messages.success(request, _("Kept as it is now. No decision was changed."))
        return redirect("fulltext:line-snapshot", membership.project.slug, made.pk)
    return redirect("fulltext:lines", membership.project.slug)


@project_page("decisions.see")
@require_safe
def snapshot(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """What was kept, as it was seen then."""
    found = snapshot_of(membership.project, pk)
    if found is None:
        raise Http404
    body = found.body
    columns = [{**one, "cca": cca_words(one["overlap"]) if any(one["overlap"]) else ""} for one in body["lines"]]
    changed = [{**row, "words": fate_words(row["fate"])} for row in body["rows"] if row["fate"] not in ("stays", "below")]
    context = {
        "snapshot": found,
        "columns": columns,
        "fates": [(fate_words(fate), [one["fates"][fate] for one in columns]) for fate in FATES],
        "questions": [(label, [one["questions"][key] for one in columns]) for key, label in body["questions"].items()],
        "rows": changed[:SIZE],
        "more": max(0, len(changed) - SIZE),
    }
    return render(request, "fulltext/line_snapshot.html", context)


@project_page("decisions.see")
@require_safe
def snapshot_csv(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    found = snapshot_of(membership.project, pk)
    if found is None:
        raise Http404
    return _file(f"{membership.project.slug}-line-{found.line.normalize():f}-kept.csv", as_csv(table_of(found.body)))
