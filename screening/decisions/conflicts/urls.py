"""The addresses of conflicts."""

from django.urls import URLPattern, path

from screening.decisions.conflicts import api as resources
from screening.decisions.conflicts import together, views

ONE = "conflicts/<slug:stage>/<uuid:report>/"

pages: list[URLPattern] = [
    path("conflicts/", views.conflicts, name="conflicts"),
    path("conflicts/rule/", views.rule, name="conflict-rule"),
    path("conflicts/mine/", views.meet, name="meet"),
    path("conflicts/together/", together.patterns, name="together"),
    path("conflicts/together/reveal/", together.reveal_many, name="reveal-many"),
    path("conflicts/together/<slug:stage>/", together.choose, name="together-pattern"),
    path("conflicts/together/<slug:stage>/preview/", together.preview, name="together-preview"),
    path("conflicts/together/<slug:stage>/settle/", together.settle, name="together-settle"),
    path(ONE, views.conflict, name="conflict"),
    path(f"{ONE}reveal/", views.reveal, name="reveal"),
    path(f"{ONE}settle/", views.settle, name="settle"),
    path(f"{ONE}propose/", views.propose, name="propose"),
    path(f"{ONE}confirm/", views.confirm, name="confirm"),
    path(f"{ONE}reopen/", views.reopen, name="reopen"),
]
api: list[URLPattern] = [
    path("conflicts/", resources.ConflictsAPI.as_view(), name="conflicts"),
    path("conflicts/mine/<slug:stage>/", resources.MeetAPI.as_view(), name="meet"),
    path("conflicts/rule/", resources.ConflictRuleAPI.as_view(), name="conflict-rule"),
    path(f"{ONE}reveal/", resources.RevealAPI.as_view(), name="reveal"),
    path("resolutions/", resources.ResolutionsAPI.as_view(), name="resolutions"),
    path("resolutions/together/", resources.TogetherAPI.as_view(), name="resolutions-together"),
    path("proposals/", resources.ProposalsAPI.as_view(), name="proposals"),
    path("confirmations/", resources.ConfirmationsAPI.as_view(), name="confirmations"),
    path("reopenings/", resources.ReopeningsAPI.as_view(), name="reopenings"),
]
