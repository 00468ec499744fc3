"""The addresses of lines elsewhere."""

from django.urls import URLPattern, path

from screening.fulltext.lines import api as resources
from screening.fulltext.lines import views

pages: list[URLPattern] = [
    path("protocol/what-if/", views.lines, name="lines"),
    path("protocol/what-if/list.csv", views.lines_csv, name="lines-csv"),
    path("protocol/what-if/kept/", views.keep, name="keep-line"),
    path("protocol/what-if/kept/<uuid:pk>/", views.snapshot, name="line-snapshot"),
    path("protocol/what-if/kept/<uuid:pk>/list.csv", views.snapshot_csv, name="line-snapshot-csv"),
]
api: list[URLPattern] = [
    path("what-if/", resources.LinesAPI.as_view(), name="lines"),
    path("what-if/kept/", resources.SnapshotsAPI.as_view(), name="line-snapshots"),
    path("what-if/kept/<uuid:pk>/", resources.SnapshotAPI.as_view(), name="line-snapshot"),
]
