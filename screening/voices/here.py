"""What a page of the project is about, so that one can speak from wherever one is."""

from typing import Any
from uuid import UUID

from django.urls import Resolver404, resolve

from screening.projects import contributions
from screening.projects.models import Membership
from screening.protocol.models import ProtocolVersion
from screening.protocol.queries import source_named
from screening.protocol.versions.queries import first_wordings
from screening.voices.rules import id_of_key
from screening.voices.seeing import Things

# A page's name -> what it is about, and which part of its address is its id.
ABOUT = {
    "references:report": ("report", "pk"),
    "references:import": ("import", "pk"),
    "fulltext:assess": ("report", "pk"),
    "decisions:conflict": ("report", "report"),
    "decisions:pilot": ("pilot", "round"),
    "protocol:criterion": ("criterion", "pk"),
    "protocol:question": ("question", "pk"),
    "protocol:outcome": ("outcome", "pk"),
    "protocol:instrument": ("instrument", "pk"),
    "forms:extract": ("review", "review"),
    "studies:list": ("review", "review"),
    "studies:one": ("review", "review"),
}


def thing_at(member: Membership, path: str) -> tuple[str, Any, str]:
    """(kind, id, place) of what to speak about from this address of the project; the review as a whole from any other.

    `place` names the page where the thing alone does not, by its place in the strip.
    """
    whole = ("project", member.project_id, _place_of(member, path))
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        return whole
    if match.kwargs.get("slug") != member.project.slug:
        return whole
    kind, pk = _named(member, match.view_name, match.kwargs)
    return (kind, pk, "") if kind and Things(member).find(kind, pk) else whole


def _named(member: Membership, name: str, kwargs: dict[str, Any]) -> tuple[str, Any]:
    if name in ABOUT:
        kind, part = ABOUT[name]
        return kind, kwargs.get(part)
    if name == "voices:thread":
        return kwargs["kind"], kwargs["about_id"]
    if name == "protocol:page":
        return "protocol", member.project_id
    if name == "protocol:version":
        version = ProtocolVersion.objects.filter(project=member.project_id, n=kwargs["n"]).first()
        return ("version", version.pk) if version else ("", None)
    if name == "protocol:source":
        source = source_named(member.project, kwargs["source"])
        return ("source", source.pk) if source else ("", None)
    if name == "protocol:deviation":
        first = first_wordings(member.project).get(kwargs["pk"])
        return ("amendment", first.pk) if first else ("", None)
    if name == "flow:box":
        return "box", box_id(member.project_id, kwargs["box"])
    return "", None


def box_id(project_id: UUID, box: str) -> UUID:
    """The id a box of the diagram is spoken of by: boxes have names alone."""
    return id_of_key(project_id, f"box:{box}")


def _place_of(member: Membership, path: str) -> str:
    under = [figure for figure in contributions.strip_of(member) if path.startswith(figure.url) and figure.key != "project"]
    return max(under, key=lambda figure: len(figure.url)).label if under else ""
