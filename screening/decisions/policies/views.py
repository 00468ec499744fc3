"""How each stage is decided: in plain words for everybody, and for coordinators to change after seeing what that would do."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from screening.decisions.actions import Clash
from screening.decisions.models import PolicyVersion, Stage
from screening.decisions.policies import actions
from screening.decisions.policies.forms import WAY_HELP, ChangeForm, PolicyForm
from screening.decisions.policies.previews import preview
from screening.decisions.policies.queries import Stuck, pilot_result, policy_in_force, stuck_at, versions_of
from screening.decisions.policies.rules import Policy
from screening.decisions.policies.words import in_words
from screening.decisions.sight.queries import may_look, sight_in_force
from screening.decisions.sight.rules import PREVIEW
from screening.projects.access import may, project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Job, Membership, Project, Role
from screening.projects.queries import shown_name
from screening.projects.typed import with_words
from screening.protocol.queries import latest_descriptions
from screening.references.models import Report

MOST_NAMED = 50


def _names(project: Project) -> dict[str, str]:
    return {str(member.pk): shown_name(member) for member in Membership.objects.filter(project=project)}


def _sources(project: Project) -> dict[str, str]:
    return {str(one.source_id): one.name for one in latest_descriptions(project)}


def said(version: PolicyVersion, names: dict[str, str], sources: dict[str, str]) -> dict[str, Any]:
    """A recorded policy as the page shows it."""
    return {
        "version": version,
        "who": shown_name(version.by),
        "words": in_words(Policy.of(version.rules), version.stage, names, sources),
        "reached": version.reached,
        "percent": round(100 * version.reached["agreed"] / version.reached["read"]) if version.reached.get("read") else None,
    }


def _stuck_with_titles(project: Project, stage: str) -> list[tuple[Stuck, list[Report]]]:
    """What waits for nobody, and the first reports of it that those may decide on who were shown what others said."""
    found = stuck_at(project, stage)
    told = {report for one in found for report in one.told}
    titles = list(Report.objects.filter(pk__in=told).order_by("title_key", "id")[:MOST_NAMED]) if told else []
    return [(one, titles if one.told else []) for one in found]


@project_page("project.see")
@require_safe
def policies(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Each stage's policy in words, how it came about, and for coordinators what nobody in the team can bring to an end."""
    project = membership.project
    names, sources = _names(project), _sources(project)
    stages = []
    for stage in Stage:
        # Asked before the policy is: one that has just been carried out is in force.
        job = Job.objects.filter(project=project, kind=actions.KIND, args__stage=stage).exclude(state__in=Job.OVER).first()
        policy, versions = policy_in_force(project, stage), versions_of(project, stage)
        stages.append(
            {
                "stage": stage,
                "words": in_words(policy, stage, names, sources),
                "weak": policy.way == "one_include",
                "single": policy.required == 1 or policy.single,
                "versions": [said(version, names, sources) for version in versions],
                "pilot": pilot_result(project, stage, policy) if policy.pilot and not policy.single else None,
                "stuck": _stuck_with_titles(project, stage) if may(membership, "project.edit") else [],
                "job": job,
            }
        )
    context = {"stages": stages, "refusal": reason_against(membership, "project.edit"), "sight": sight_in_force(project)}
    return render(request, "decisions/policies.html", context)


@project_page("project.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest, membership: Membership, stage: str) -> HttpResponse:
    """Choose, look at what it would change, and change it: three steps of one address, each with all that was chosen."""
    if stage not in Stage.values:
        raise Http404
    project = membership.project
    step = request.POST.get("step", "")
    current = policy_in_force(project, stage)
    last = PolicyVersion.objects.filter(project=project, stage=stage).order_by("-n").first()
    reviewers = list(Membership.objects.filter(project=project, roles__contains=[Role.REVIEWER]).order_by("joined_at", "id"))
    form = PolicyForm(
        request.POST if step else None,
        stage=stage,
        policy=current,
        reviewers=reviewers,
        sources=sorted(_sources(project).items(), key=lambda one: one[1]),
        initial={"n": last.n if last else 0},
    )
    context: dict[str, Any] = {
        "form": form,
        "stage": Stage(stage),
        "help": WAY_HELP,
        "may_look": may_look(membership, PREVIEW, stage) is None,
        # Typed on the next page, and kept while one goes back to choose otherwise.
        "why": request.POST.get("why", ""),
    }
    if not step or not form.is_valid() or step == "back":
        context["no_reviewers"] = not reviewers
        return render(request, "decisions/policy.html", context, status=422 if step and form.errors else 200)
    return _looked_at(request, membership, form, context | {"last": last}, step)


def _looked_at(request: HttpRequest, membership: Membership, form: PolicyForm, context: dict[str, Any], step: str) -> HttpResponse:
    project, stage = membership.project, str(context["stage"])
    change = ChangeForm(request.POST if step == "change" else None, initial={"why": request.POST.get("why", "")})
    if step == "change" and change.is_valid():
        try:
            asked = _uuid(request.POST.get("id", ""))
            version, job = actions.change_policy(
                by=membership, stage=stage, policy=form.policy, why=change.cleaned_data["why"], n=form.cleaned_data["n"], change_id=asked
            )
        except Clash as clash:
            messages.error(request, with_words(clash, change.cleaned_data["why"]))
            return redirect("decisions:policies", project.slug)
        except Refused as refusal:
            change.add_error(None, str(refusal))
        else:
            if job is not None:
                return redirect("projects:job", project.slug, job.pk)
            messages.success(
                request,
                _("%(stage)s: changed. Every report stands as the new policy says.") % {"stage": version.get_stage_display()},
            )
            return redirect("decisions:policies", project.slug)
    looks = bool(request.POST.get("look"))
    try:
        seen = preview(membership, stage, form.policy, looks=looks and step == "preview")
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return render(request, "decisions/policy.html", context, status=422)
    names, sources = _names(project), _sources(project)
    context |= {
        "change": change,
        "seen": seen,
        "before": in_words(policy_in_force(project, stage), stage, names, sources),
        "after": in_words(form.policy, stage, names, sources),
        "kept": [(name, value) for name in request.POST if _is_choice(name) for value in request.POST.getlist(name)],
        "fresh_id": uuid4(),
    }
    return render(request, "decisions/policy_preview.html", context, status=422 if change.errors else 200)


def _is_choice(name: str) -> bool:
    return name in PolicyForm.base_fields or name.startswith("part-")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
