"""The addresses of this room."""

from django.urls import URLPattern, path

from extraction.forms import api as resources
from extraction.forms import views

pages: list[URLPattern] = [
    path("extraction/", views.list_page, name="list"),
    path("extraction/start/<uuid:report>/", views.start, name="start"),
    path("extraction/<uuid:review>/", views.extract, name="extract"),
]
api: list[URLPattern] = [
    path("reviews/", resources.Reviews.as_view(), name="reviews"),
    path("extractions/", resources.Extractions.as_view(), name="extractions"),
]
