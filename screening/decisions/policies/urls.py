"""The addresses of policies, pilot rounds, authors in the team, and of what coordinators may see."""

from django.urls import URLPattern, path

from screening.decisions.authors import views as authors
from screening.decisions.pilots import views as pilots
from screening.decisions.policies import api as resources
from screening.decisions.policies import views
from screening.decisions.sight import views as sight

pages: list[URLPattern] = [
    path("screening/policies/", views.policies, name="policies"),
    path("screening/policies/<slug:stage>/", views.policy, name="policy"),
    path("screening/pilots/", pilots.pilots, name="pilots"),
    path("screening/pilots/<uuid:round>/", pilots.pilot, name="pilot"),
    path("screening/pilots/<uuid:round>/close/", pilots.close, name="pilot-close"),
    path("screening/authors/", authors.authors, name="authors"),
    path("screening/authors/declare/", authors.declare, name="authors-declare"),
    path("screening/sight/", sight.sight, name="sight"),
    path("screening/sight/look/", sight.look, name="look"),
]
api: list[URLPattern] = [
    path("policies/", resources.PoliciesAPI.as_view(), name="policies"),
    path("policies/<slug:stage>/", resources.PolicyAPI.as_view(), name="policy"),
    path("policies/<slug:stage>/preview/", resources.PreviewAPI.as_view(), name="policy-preview"),
    path("pilots/", resources.PilotsAPI.as_view(), name="pilots"),
    path("pilots/<uuid:round>/close/", resources.PilotClosingAPI.as_view(), name="pilot-close"),
    path("authors/", resources.AuthorsAPI.as_view(), name="authors"),
    path("sight/", resources.SightAPI.as_view(), name="sight"),
    path("sight/look/", resources.LookAPI.as_view(), name="look"),
]
