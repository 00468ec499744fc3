"""The addresses of this room."""

from django.urls import URLPattern, path

from extraction.overlap import api as resources
from extraction.overlap import views

pages: list[URLPattern] = [
    path("overlap/", views.page, name="page"),
    path("overlap/compute/", views.compute, name="compute"),
    path("overlap/heat-map.svg", views.drawing, name="drawing"),
]
api: list[URLPattern] = [path("overlap/", resources.OverlapAPI.as_view(), name="overlap")]
