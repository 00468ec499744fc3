"""The design gallery: every shared part of the look on one page, under DEBUG alone."""

from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from screening.projects.access import open_page
from screening.projects.models import Job

GLYPHS = [
    "include",
    "exclude",
    "maybe",
    "conflict",
    "wait",
    "heard",
    "no",
    "later",
    "ok",
    "alert",
    "info",
    "down",
    "theme",
    "more",
    "person",
]


class SampleForm(forms.Form):
    """One field of every kind the includes know."""

    title = forms.CharField(label="Title of the project", help_text="As it stands in the protocol.", max_length=80)
    searched_on = forms.DateField(label="Searched on", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    platform = forms.ChoiceField(label="Platform", choices=[("ovid", "Ovid"), ("ebsco", "EBSCOhost"), ("", "Another")])
    answer = forms.ChoiceField(
        label="How is it answered?",
        widget=forms.RadioSelect,
        help_text="A descriptor never excludes.",
        choices=[
            ("judged", "Judged: yes, no or unclear"),
            ("threshold", "Threshold: a share against a line"),
            ("descriptor", "Descriptor"),
        ],
    )
    roles = forms.MultipleChoiceField(
        label="Roles",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("reviewer", "Reviewer"), ("adjudicator", "Adjudicator")],
    )
    reason = forms.CharField(label="Why", widget=forms.Textarea)
    notify = forms.BooleanField(label="Tell me by e-mail when it is answered", required=False, help_text="At most one mail a day.")
    files = forms.FileField(label="Files", required=False, help_text="RIS, PubMed (nbib) or CSV, up to 200 MB. Or drop them here.")


def sample_strip() -> list[dict[str, Any]]:
    """A strip as the context processor gives it: one dict per place."""
    figures = [
        ("Project", None, "", False, False),
        ("Protocol", None, "", False, False),
        ("Identified", 3986, "", True, True),
        ("Titles", 449, "open", True, False),
        ("Full texts", 51, "open", True, False),
        ("Included", 23, "so far", True, False),
        ("Extraction", None, "", False, True),
        ("Overlap", None, "", False, False),
        ("Voices", 3, "waiting", False, True),
    ]
    return [
        {"label": label, "url": f"#{label}", "figure": figure, "unit": unit, "flow": flow, "gap_before": gap, "current": label == "Titles"}
        for label, figure, unit, flow, gap in figures
    ]


def sample_jobs() -> list[Job]:
    """Unsaved jobs in every state; none is polled, for their address is empty."""
    State = Job.State
    return [
        Job(state=State.RUNNING, done=1200, total=2812, sentence="Reading medline.ris, record 1,200"),
        Job(state=State.DONE, sentence="2,812 records read, 3 not read, 1,174 duplicates"),
        Job(state=State.FAILED, failure_sentence="export.pdf is a PDF, not a list of references. Export it again as RIS."),
        Job(state=State.CANCELLED, sentence="Stopped after 400 records; those are kept"),
    ]


@open_page
def gallery(request: HttpRequest) -> HttpResponse:
    """Show the gallery. Raises 404 unless DEBUG is on."""
    if not settings.DEBUG:
        raise Http404
    for level, sentence in (
        (messages.SUCCESS, "449 records are imported."),
        (messages.INFO, "You screen this stage blind."),
        (messages.WARNING, "Two records have no title."),
        (messages.ERROR, "That was not saved: the stage is settled."),
    ):
        messages.add_message(request, level, sentence)
    now = timezone.now()
    return render(
        request,
        "design/gallery.html",
        {
            "project": SimpleNamespace(title="Peer support for mental health (demonstration)", slug="sample", is_demonstration=True),
            "strip": sample_strip(),
            "form": SampleForm(),
            "refused": SampleForm({"title": "", "reason": ""}, prefix="refused"),
            "jobs": sample_jobs(),
            "now": now,
            "entries": [SimpleNamespace(at=now, who="Coordinator", what="changed the label", detail="from “Half” to “Half paid”")],
            "glyphs": GLYPHS,
        },
    )


urlpatterns = [path("design/", gallery, name="design")]
