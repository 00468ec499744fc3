"""What is done with the list: labels put on many, filters kept, files made."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from screening.projects.access import project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Job, Membership
from screening.references.actions import filters, labels, listing
from screening.references.actions.filters import asked_by
from screening.references.models import Label, Report, SavedFilter
from screening.references.queries.finding import labels_of
from screening.references.queries.label_counts import label_counts
from screening.references.queries.paging import is_id
from screening.references.writers import WRITERS


def _back(membership: Membership, query: str) -> HttpResponse:
    """To the list as it was narrowed; the address is put together anew, so it leads nowhere else."""
    return redirect(reverse("references:reports", args=[membership.project.slug]) + asked_by(query).address())


@project_page("references.label")
@require_POST
def label_many(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Put a label on the reports ticked, or on all that were found; or take one's own off."""
    query, on = request.POST.get("query", ""), request.POST.get("do") != "off"
    try:
        if request.POST.get("scope") == "all":
            ids = listing.all_found(membership, asked_by(query))
        else:
            ids = [UUID(pk) for pk in request.POST.getlist("report") if is_id(pk)]
        if not ids:
            raise Refused(_("No report is ticked. Tick some, or choose all that were found."))
        # A new word is made only once it is known that it will lie on something.
        label = _label_of(request, membership, on)
        n, job = labels.put_on_all(by=membership, label=label, report_ids=ids, on=on)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _back(membership, query)
    if job:
        said = _("%(n)s reports: this is done in the background. Load the list again in a moment.")
        messages.info(request, said % {"n": f"{len(ids):,}"})
    else:
        messages.success(request, _labelled(label.name, n, on) if n else _("Nothing changed: it was so already."))
    return _back(membership, query)


def _labelled(label: str, n: int, on: bool) -> str:
    if on:
        said = ngettext("%(label)s was put on %(n)s more report.", "%(label)s was put on %(n)s more reports.", n)
    else:
        said = ngettext("%(label)s was taken off %(n)s report.", "%(label)s was taken off %(n)s reports.", n)
    return said % {"label": label, "n": f"{n:,}"}


def _label_of(request: HttpRequest, membership: Membership, on: bool) -> Label:
    """The label chosen, or the new one that was written."""
    if on and request.POST.get("new_label", "").strip():
        return labels.make_label(by=membership, name=request.POST["new_label"])
    chosen = request.POST.get("label", "")
    label = Label.objects.filter(project=membership.project, pk=chosen, removed=False).first() if is_id(chosen) else None
    if label is None:
        raise Refused(_("Choose a label, or write a new one."))
    return label


@project_page("references.label")
@require_POST
def label_report(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Put one label on one report, or take it off, and go back to its page."""
    report = get_object_or_404(Report, pk=pk, project=membership.project)
    try:
        on = request.POST.get("do") != "off"
        labels.put(by=membership, label=_label_of(request, membership, on), report_ids=[report.pk], on=on)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("references:report", membership.project.slug, report.pk)


@project_page("references.see")
@require_http_methods(["GET", "POST"])
def labels_page(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The team's labels: make, rename, remove."""
    if request.method == "POST":
        try:
            _change(request, membership)
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("references:labels", membership.project.slug)
    counts = label_counts(membership)
    rows = [
        {"label": label, "n": counts.get(label.pk, 0), "url": "?" + urlencode({"label": str(label.pk)})}
        for label in labels_of(membership.project)
    ]
    context = {
        "rows": rows,
        "why_not_make": reason_against(membership, "references.label"),
        "why_not_change": reason_against(membership, "references.labels"),
    }
    return render(request, "references/labels.html", context)


def _change(request: HttpRequest, membership: Membership) -> None:
    do, name = request.POST.get("do", ""), request.POST.get("name", "")
    if do == "make":
        labels.make_label(by=membership, name=name)
        return
    chosen = request.POST.get("label", "")
    label = get_object_or_404(Label, project=membership.project, pk=chosen if is_id(chosen) else None, removed=False)
    if do == "rename":
        labels.rename_label(by=membership, label=label, name=name)
    elif do == "remove":
        labels.remove_label(by=membership, label=label)
        said = _("%(label)s was removed. What was marked with it stays on record; make it again and it shows.")
        messages.success(request, said % {"label": label.name})


@project_page("references.see")
@require_POST
def save_filter(request: HttpRequest, membership: Membership) -> HttpResponse:
    query = request.POST.get("query", "")
    try:
        kept = filters.save_filter(
            by=membership, name=request.POST.get("name", ""), asked=asked_by(query), shared=request.POST.get("shared") == "yes"
        )
        said = _("Kept as %(name)s, for the whole team.") if kept.shared else _("Kept as %(name)s.")
        messages.success(request, said % {"name": kept.name})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _back(membership, query)


@project_page("references.see")
@require_POST
def remove_filter(request: HttpRequest, membership: Membership, filter_id: UUID) -> HttpResponse:
    kept = get_object_or_404(SavedFilter, pk=filter_id, project=membership.project)
    if kept.member_id != membership.pk and not kept.shared:
        raise Http404
    filters.remove_filter(by=membership, kept=kept)
    return _back(membership, request.POST.get("query", ""))


@project_page("exports.make")
@require_POST
def export_list(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The list as a file: at once where it is short, by a job where it is long."""
    style, asked = request.POST.get("format", ""), asked_by(request.POST.get("query", ""))
    try:
        ids = listing.ids_asked_for(membership, asked, style)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _back(membership, request.POST.get("query", ""))
    if len(ids) > listing.AT_ONCE:
        listing.ask(by=membership, asked=asked, style=style)
        return redirect("references:list-exports", membership.project.slug)
    return streamed(membership, ids, style)


def streamed(membership: Membership, ids: list[UUID], style: str) -> StreamingHttpResponse:
    name = listing.file_name(membership, style)
    return StreamingHttpResponse(
        listing.pieces(membership, ids, style),
        content_type=WRITERS[style].CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _mine(membership: Membership) -> list[Job]:
    return list(Job.objects.filter(project=membership.project, kind=listing.JOB, asked_by=membership).order_by("-created_at")[:20])


@project_page("exports.make")
@require_safe
def list_exports(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The files one had made of long lists."""
    slug = membership.project.slug
    rows = [
        {
            "job": job,
            "format": WRITERS[job.args["format"]].NAME,
            "status_url": reverse("projects:job", args=[slug, job.pk]),
            "files": job.result.get("files", []) if job.state == Job.State.DONE else [],
            "list_url": reverse("references:reports", args=[slug]) + asked_by(job.args["query"]).address(),
        }
        for job in _mine(membership)
    ]
    return render(request, "references/list_exports.html", {"rows": rows})


@project_page("exports.make")
@require_safe
def list_file(request: HttpRequest, membership: Membership, export_id: UUID) -> FileResponse:
    """One of these files, for whoever had it made: it holds what they may see."""
    job = next((job for job in _mine(membership) if job.pk == export_id and job.state == Job.State.DONE), None)
    kept = job.result.get("files", [])[:1] if job else []
    if not kept or not default_storage.exists(kept[0]["path"]):
        raise Http404
    return FileResponse(default_storage.open(kept[0]["path"]), as_attachment=True, filename=kept[0]["name"])
