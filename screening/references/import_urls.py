"""The addresses of what is done with one import."""

from django.urls import URLPattern, path

from screening.references.api import imports as resources
from screening.references.views import imports

pages: list[URLPattern] = [
    path("imports/<uuid:pk>/records/", imports.records, name="import-records"),
    path("imports/<uuid:pk>/columns/", imports.columns, name="columns"),
    path("imports/<uuid:pk>/back/", imports.bring_back, name="bring-back"),
]
api: list[URLPattern] = [
    path("imports/<uuid:pk>/records/", resources.ImportRecordsAPI.as_view(), name="import-records"),
    path("imports/<uuid:pk>/columns/", resources.ColumnsAPI.as_view(), name="columns"),
    path("imports/<uuid:pk>/again/", resources.ReadAgainAPI.as_view(), name="read-again"),
    path("imports/<uuid:pk>/back/", resources.BringBackAPI.as_view(), name="bring-back"),
]
