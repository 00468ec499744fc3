"""The addresses of what would need another look."""

from django.urls import URLPattern, path

from screening.decisions.amended import api as resources
from screening.decisions.amended import views

pages: list[URLPattern] = [
    path("protocol/another-look/", views.another_look, name="another-look"),
    path("protocol/another-look/<slug:stage>/<uuid:report>/stands/", views.stands, name="stands"),
]
api: list[URLPattern] = [path("another-look/", resources.AnotherLookAPI.as_view(), name="another-look")]
