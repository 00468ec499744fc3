"""The addresses of the desk, of what it marks and hides, and of content notes."""

from django.urls import URLPattern, path

from screening.decisions.content_notes import views as content_notes
from screening.decisions.desk import api as resources
from screening.decisions.desk import views
from screening.decisions.highlights import views as highlights

pages: list[URLPattern] = [
    path("screening/", views.desk, name="desk"),
    path("screening/decide/", views.decide, name="decide"),
    path("screening/undo/", views.undo, name="undo"),
    path("screening/mine/", views.mine, name="mine"),
    path("screening/narrow/", views.narrow, name="narrow"),
    path("screening/liked/", views.liked, name="liked"),
    path("screening/for-everybody/", highlights.for_everybody, name="for-everybody"),
    path("content-notes/", content_notes.notes, name="content-notes"),
    path("content-notes/<uuid:note>/take-away/", content_notes.take_away, name="take-note-away"),
]
api: list[URLPattern] = [
    path("desk-view/", resources.DeskViewAPI.as_view(), name="desk-view"),
    path("desk-for-everybody/", resources.ForEverybodyAPI.as_view(), name="for-everybody"),
    path("content-notes/", resources.NotesAPI.as_view(), name="content-notes"),
    path("content-notes/<uuid:note>/", resources.NoteAPI.as_view(), name="content-note"),
]
