"""The addresses of this room. The files and the equations stand before the boxes, whose names are words."""

from django.urls import URLPattern, path

from screening.flow import api as resources
from screening.flow import views

pages: list[URLPattern] = [
    path("", views.project, name="project"),
    path("flow/prisma.svg", views.prisma_svg, name="prisma-svg"),
    path("flow/prisma.json", views.prisma_json, name="prisma-json"),
    path("flow/prisma.csv", views.prisma_csv, name="prisma-csv"),
    path("flow/identities/", views.equations, name="identities"),
    path("flow/<slug:box>/", views.box, name="box"),
]
api: list[URLPattern] = [
    path("flow/", resources.FlowAPI.as_view(), name="flow"),
    path("flow/<slug:box>/", resources.BoxAPI.as_view(), name="box"),
]
