"""The addresses of this room."""

from django.urls import URLPattern, path

from extraction.exports import api as resources
from extraction.exports import views

pages: list[URLPattern] = [
    path("exports/", views.list_page, name="list"),
    path("exports/make/", views.make, name="make"),
    path("exports/<uuid:job_id>/files/<str:name>", views.file, name="file"),
]
api: list[URLPattern] = [
    path("exports/", resources.Exports.as_view(), name="exports"),
    path("exports/<uuid:job_id>/files/<str:name>", resources.ExportFile.as_view(), name="file"),
]
