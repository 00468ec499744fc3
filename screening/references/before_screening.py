"""The addresses of what happens to records before they are screened: removals, here and elsewhere."""

from django.urls import URLPattern, path

from screening.references.api import removals as removal_resources
from screening.references.views import removals

pages: list[URLPattern] = [
    path("removals/", removals.removals, name="removals"),
    path("removals/back/", removals.put_back, name="put-back"),
    path("sources/<slug:source>/removed-elsewhere/", removals.declare, name="declare"),
    path("declared-removals/<uuid:pk>/take-back/", removals.take_back, name="take-back"),
]
api: list[URLPattern] = [
    path("removals/", removal_resources.RemovalsAPI.as_view(), name="removals"),
    path("removals/back/", removal_resources.PutBackAPI.as_view(), name="put-back"),
    path("sources/<slug:source>/declared-removals/", removal_resources.DeclaredRemovalsAPI.as_view(), name="declared-removals"),
    path("declared-removals/<uuid:pk>/", removal_resources.DeclaredRemovalAPI.as_view(), name="declared-removal"),
]
