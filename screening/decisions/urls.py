"""The addresses of this room."""

from django.urls import URLPattern, path

from screening.decisions import api as resources
from screening.decisions import views

pages: list[URLPattern] = [
    path("screening/", views.desk, name="desk"),
    path("screening/decide/", views.decide, name="decide"),
    path("screening/undo/", views.undo, name="undo"),
    path("screening/mine/", views.mine, name="mine"),
    path("conflicts/", views.conflicts, name="conflicts"),
    path("conflicts/<slug:stage>/<uuid:report>/", views.conflict, name="conflict"),
    path("conflicts/<slug:stage>/<uuid:report>/reveal/", views.reveal, name="reveal"),
    path("conflicts/<slug:stage>/<uuid:report>/settle/", views.settle, name="settle"),
    path("conflicts/<slug:stage>/<uuid:report>/reopen/", views.reopen, name="reopen"),
]
api: list[URLPattern] = [
    path("queue/<slug:stage>/", resources.QueueAPI.as_view(), name="queue"),
    path("decisions/", resources.DecisionsAPI.as_view(), name="decisions"),
    path("conflicts/", resources.ConflictsAPI.as_view(), name="conflicts"),
    path("conflicts/<slug:stage>/<uuid:report>/reveal/", resources.RevealAPI.as_view(), name="reveal"),
    path("resolutions/", resources.ResolutionsAPI.as_view(), name="resolutions"),
    path("reopenings/", resources.ReopeningsAPI.as_view(), name="reopenings"),
]
