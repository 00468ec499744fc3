"""The addresses of this room."""

from django.urls import URLPattern, path

from screening.protocol import api as resources
from screening.protocol import views
from screening.protocol.draft import urls as draft
from screening.protocol.versions import urls as versions

pages: list[URLPattern] = [
    path("protocol/", views.protocol, name="page"),
    *draft.pages,
    *versions.pages,
    path("sources/", views.sources, name="sources"),
    path("sources/prisma-s.csv", views.prisma_s, name="prisma-s"),
    path("sources/new/", views.new_source, name="new-source"),
    path("sources/<slug:source>/", views.source, name="source"),
]
api: list[URLPattern] = [
    path("protocol/", resources.ProtocolAPI.as_view(), name="protocol"),
    *versions.api,
    *draft.api,
    path("sources/", resources.SourcesAPI.as_view(), name="sources"),
    path("sources/<slug:source>/", resources.SourceAPI.as_view(), name="source"),
]
