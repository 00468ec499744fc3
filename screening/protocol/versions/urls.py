"""The addresses of versions. A kind of file stands in the route: others are not there."""

from django.urls import URLPattern, path

from screening.protocol.versions import api as resources
from screening.protocol.versions import views


def _files(route: str, view: object, name: str, kinds: tuple[str, ...]) -> list[URLPattern]:
    return [path(f"{route}.{kind}", view, {"kind": kind}, name=f"{name}-{kind}") for kind in kinds]


pages: list[URLPattern] = [
    path("protocol/versions/", views.versions, name="record-version"),
    path("protocol/versions/<int:n>/", views.version, name="version"),
    path("protocol/compare/", views.compare, name="compare"),
    path("protocol/deviations/", views.deviations, name="deviations"),
    path("protocol/deviations/new/", views.depart, name="depart"),
    path("protocol/deviations/<uuid:pk>/", views.deviation, name="deviation"),
    path("protocol/deviations/<uuid:pk>/withdraw/", views.withdraw, name="withdraw-deviation"),
    *_files("protocol/versions/<int:n>/protocol", views.version_file, "version", ("md", "docx")),
    *_files("protocol/draft/protocol", views.draft_file, "draft", ("md", "docx")),
    *_files("protocol/deviations/list", views.deviations_file, "deviations", ("csv", "md", "docx")),
]
api: list[URLPattern] = [
    path("protocol/versions/", resources.VersionsAPI.as_view(), name="versions"),
    path("protocol/comparison/", resources.ComparisonAPI.as_view(), name="comparison"),
    path("protocol/deviations/", resources.DeviationsAPI.as_view(), name="deviations"),
    path("protocol/deviations/<uuid:pk>/", resources.DeviationAPI.as_view(), name="deviation"),
]
