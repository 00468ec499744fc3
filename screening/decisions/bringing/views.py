"""Pages: what an import or a file of ours carries, who is who in it, and how a run went."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from screening.decisions.bringing import actions
from screening.decisions.bringing.forms import BringForm, FileForm, named
from screening.decisions.bringing.queries import Source, files_of, may_see_answers, runs_of, source_of, summary_of
from screening.decisions.bringing.words import told
from screening.decisions.carried import Person, Summary
from screening.decisions.models import BringingIn, DecisionFile, Stage
from screening.projects.access import project_page
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.projects.queries import shown_name
from screening.references.models import Import

STAGES = {**dict(Stage.choices), "": gettext_lazy("Stage not said")}
MOST_FILES = 50


@project_page("decisions.bring_in")
@require_http_methods(["GET", "HEAD", "POST"])
def bring_import(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """The decisions that an import carries."""
    return _bring(request, membership, source_of(membership.project, import_id=pk))


@project_page("decisions.bring_in")
@require_http_methods(["GET", "HEAD", "POST"])
def bring_file(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """The decisions of a file that was exported from here."""
    return _bring(request, membership, source_of(membership.project, file_id=pk))


def _bring(request: HttpRequest, membership: Membership, source: Source | None) -> HttpResponse:
    if source is None:
        raise Http404
    summary = summary_of(source)
    form = BringForm(request.POST or None, source=source, summary=summary, project=membership.project)
    if request.method == "POST" and form.is_valid():
        try:
            run = actions.start(by=membership, source=source, **form.choices())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("decisions:run", membership.project.slug, run.pk)
    of_import = isinstance(source, Import)
    context = {
        "source": source,
        "of_import": of_import,
        "summary": summary,
        "form": form,
        "lines": lines_of(summary) if may_see_answers(membership, source) else [],
        "in_hand": may_see_answers(membership, source),
        "not_understood": [(place, told(sentence)) for place, sentence in summary.not_understood],
        "people": form.rows_of_people(),
        "reasons": form.rows_of_reasons(),
        "rest": form.rest(),
        "labels": sorted(summary.labels.items()) if may_see_answers(membership, source) else [],
        "runs": [_run(membership, run) for run in runs_of(source)],
        "back_url": reverse("references:import", args=[membership.project.slug, source.pk]) if of_import else "",
    }
    return render(request, "decisions/bring_in.html", context, status=422 if form.errors else 200)


def lines_of(summary: Summary) -> list[dict[str, Any]]:
    """Answers counted by person and stage; what was agreed on comes last, under no name."""
    people = [*summary.people, Person("", summary.agreed)] if summary.agreed else summary.people
    found = []
    for person in people:
        for stage in sorted({stage for stage, _answer in person.answers}):
            counts = {answer: n for (at, answer), n in person.answers.items() if at == stage}
            found.append(
                {
                    "who": _("Agreed on") if person.answers is summary.agreed else named(person),
                    "stage": STAGES.get(stage, stage),
                    "counts": [counts.get(answer, 0) for answer in ("include", "exclude", "maybe", None)],
                }
            )
    return found


def _run(membership: Membership, run: BringingIn) -> dict[str, Any]:
    return {
        "run": run,
        "who": shown_name(run.by),
        "url": reverse("decisions:run", args=[membership.project.slug, run.pk]),
        "said": actions.sentence(run.job.result) if run.job.result else run.job.failure_sentence or run.job.get_state_display(),
    }


@project_page("decisions.bring_in")
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Give a file of decisions back that was exported from here."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            kept = actions.keep_file(by=membership, name=given.name, content=given, size=given.size)
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("decisions:bring-file", membership.project.slug, kept.pk)
    rows = [{"file": file, "who": shown_name(file.by), "runs": len(runs_of(file))} for file in files_of(membership.project)[:MOST_FILES]]
    return render(request, "decisions/files.html", {"form": form, "rows": rows}, status=422 if form.errors else 200)


@project_page("decisions.bring_in")
@require_safe
def run(request: HttpRequest, membership: Membership, run: UUID) -> HttpResponse:
    """How a run goes, or went: its counts, and all that was not taken over."""
    found = BringingIn.objects.filter(project=membership.project, pk=run).select_related("job", "by", "import_run", "file").first()
    if found is None:
        raise Http404
    here = reverse("decisions:run", args=[membership.project.slug, found.pk])
    if request.htmx and not found.job.is_over:
        return render(request, "includes/job.html", {"job": found.job, "status_url": here})
    if request.htmx:
        response = HttpResponse()
        response["HX-Redirect"] = here
        return response
    result = found.job.result
    # They may tell what was decided: only whoever had it brought in, and has the file in hand, reads them.
    theirs = found.by_id == membership.pk
    context = {
        "run": found,
        "who": shown_name(found.by),
        "job": found.job,
        "status_url": here,
        "cancel_url": reverse("projects:job-cancel", args=[membership.project.slug, found.job_id]),
        "result": result,
        "problems": [told(sentence) for sentence in result.get("problems", [])] if theirs else [],
        "more": result.get("n_problems", 0) - (len(result.get("problems", [])) if theirs else 0),
        "theirs": theirs,
        "back_url": _page_of(membership, found),
    }
    return render(request, "decisions/bringing_run.html", context)


def _page_of(membership: Membership, run: BringingIn) -> str:
    source: Import | DecisionFile = run.import_run or run.file
    name = "decisions:bring-import" if run.import_run else "decisions:bring-file"
    return reverse(name, args=[membership.project.slug, source.pk])
