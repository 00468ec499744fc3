"""How one's desk is set, the team's words and the content notes, for programs; the desk in the browser is the first of them."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from screening.decisions.content_notes.actions import LONGEST, put_note, take_note_away
from screening.decisions.content_notes.queries import notes_in_force
from screening.decisions.desk.actions import KEYS, SIZES, like, set_rule
from screening.decisions.desk.models import ContentNote, DeskView
from screening.decisions.desk.queries import desk_rule, view_of
from screening.decisions.highlights.actions import set_terms
from screening.decisions.highlights.queries import current_list, terms_of
from screening.decisions.highlights.rules import KINDS, LONGEST_TERM, MOST_TERMS, term_in
from screening.decisions.queue.words import ORDERS
from screening.projects.actions import Refused
from screening.projects.api import ProjectAPI
from screening.protocol.models import SearchSource

NOTES = 500


class DeskViewShown(serializers.Serializer):
    """How one member likes their desk. Send only what changes."""

    view = serializers.ChoiceField(DeskView.View.choices, required=False)
    size = serializers.ChoiceField([(size, str(size)) for size in SIZES], required=False, help_text="Titles in the list view.")
    order = serializers.ChoiceField(list(ORDERS.items()), required=False, allow_blank=True, help_text="Empty: the project's own.")
    filters = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=20_000,
        help_text="As in the address of the list of reports; facets about decisions narrow nothing.",
    )
    show_include = serializers.BooleanField(required=False)
    show_exclude = serializers.BooleanField(required=False)
    show_authors = serializers.BooleanField(required=False)
    show_abstracts = serializers.BooleanField(required=False, help_text="On the cards of the list.")
    keys_off = serializers.ListField(child=serializers.ChoiceField(KEYS), required=False, help_text="Single keys that do nothing.")


class DeskViewAPI(ProjectAPI):
    access = {"GET": "titles.screen", "PATCH": "titles.screen"}

    @extend_schema(responses=DeskViewShown)
    def get(self, request: Request, slug: str) -> Response:
        """How you like your desk."""
        return Response(DeskViewShown(view_of(self.membership)).data)

    @extend_schema(request=DeskViewShown, responses=DeskViewShown)
    def patch(self, request: Request, slug: str) -> Response:
        """Set your desk. It is remembered for you in this project, on every device."""
        sent = DeskViewShown(data=request.data)
        sent.is_valid(raise_exception=True)
        return Response(DeskViewShown(like(by=self.membership, **sent.validated_data)).data)


class TermShown(serializers.Serializer):
    kind = serializers.ChoiceField(KINDS)
    text = serializers.CharField(max_length=LONGEST_TERM, help_text="Words; an asterisk at the end of one lets it end in any way.")
    exact = serializers.BooleanField(default=False, help_text="This form only. Else other endings of each word are marked as well.")


class ForEverybody(serializers.Serializer):
    """What the team asks of every desk."""

    terms = serializers.ListField(child=TermShown(), required=False, max_length=2 * MOST_TERMS)
    hide_authors = serializers.BooleanField(required=False)
    why = serializers.CharField(required=False, allow_blank=True, write_only=True, max_length=1000)


class ForEverybodyAPI(ProjectAPI):
    access = {"GET": "project.see", "PATCH": "desk.edit"}

    @extend_schema(responses=ForEverybody)
    def get(self, request: Request, slug: str) -> Response:
        """The words that are marked, and whether authors and journal are kept from the desks."""
        return Response(self._now())

    @extend_schema(request=ForEverybody, responses=ForEverybody)
    def patch(self, request: Request, slug: str) -> Response:
        """Set the words (the whole list), or whether authors and journal are kept from the desks."""
        sent = ForEverybody(data=request.data)
        sent.is_valid(raise_exception=True)
        asked: dict[str, Any] = sent.validated_data
        if "terms" in asked:
            lines = [(one, term_in(f'"{one["text"]}"' if one["exact"] else one["text"], one["kind"])) for one in asked["terms"]]
            if empty := [one["text"] for one, term in lines if term is None]:
                raise Refused(_("“%(empty)s” has no word in it.") % {"empty": empty[0]})
            set_terms(by=self.membership, terms=[term for _, term in lines])
        if "hide_authors" in asked:
            set_rule(by=self.membership, hide_authors=asked["hide_authors"], why=asked.get("why", ""))
        return Response(self._now())

    def _now(self) -> dict[str, Any]:
        project = self.membership.project
        terms = [term for kind in terms_of(current_list(project)).values() for term in kind]
        rule = desk_rule(project)
        return {"terms": TermShown(terms, many=True).data, "hide_authors": bool(rule and rule.hide_authors)}


class NoteShown(serializers.Serializer):
    """Words shown before a report, or before every report of a source: one of the two."""

    id = serializers.UUIDField(read_only=True)
    words = serializers.CharField(max_length=LONGEST)
    report = serializers.UUIDField(source="report_id", required=False, allow_null=True)
    source = serializers.SlugField(source="source.slug", required=False, allow_null=True)


class NotesShown(serializers.Serializer):
    results = NoteShown(many=True)


class NotesAPI(ProjectAPI):
    access = {"GET": "project.see", "POST": "desk.note"}

    @extend_schema(responses=NotesShown)
    def get(self, request: Request, slug: str) -> Response:
        """The content notes that are shown now, the latest first."""
        return Response({"results": [_note(note) for note in notes_in_force(self.membership.project)[:NOTES]]})

    @extend_schema(request=NoteShown, responses={201: NoteShown})
    def post(self, request: Request, slug: str) -> Response:
        """Have words shown before a report or a source."""
        sent = NoteShown(data=request.data)
        sent.is_valid(raise_exception=True)
        asked = sent.validated_data
        slug_of_source = (asked.get("source") or {}).get("slug")
        source = get_object_or_404(SearchSource, slug=slug_of_source, project=self.membership.project_id) if slug_of_source else None
        made = put_note(by=self.membership, words=asked["words"], report_id=asked.get("report_id"), source=source)
        return Response(_note(made), status=status.HTTP_201_CREATED)


class NoteAPI(ProjectAPI):
    access = {"DELETE": "desk.note"}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, note: UUID) -> Response:
        """Show a note no longer. That it was there stays on record."""
        take_note_away(by=self.membership, note=get_object_or_404(ContentNote, pk=note, project=self.membership.project_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _note(note: ContentNote) -> dict[str, Any]:
    report = note.anchor.placement.report_id if note.anchor_id else None
    return {
        "id": str(note.pk),
        "words": note.words,
        "report": report and str(report),
        "source": note.source.slug if note.source_id else None,
    }
