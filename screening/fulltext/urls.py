"""The addresses of this room."""

from django.urls import URLPattern, path

from screening.fulltext import api as resources
from screening.fulltext import views
from screening.fulltext.worksheet import views as worksheet

pages: list[URLPattern] = [
    path("full-texts/", views.full_texts, name="list"),
    path("full-texts/retrievals/", views.retrievals, name="retrievals"),
    path("full-texts/<uuid:pk>/", worksheet.assess, name="assess"),
    path("full-texts/<uuid:pk>/decision/", worksheet.decide, name="decide"),
    path("full-texts/<uuid:pk>/draft/", worksheet.draft, name="draft"),
    path("full-texts/<uuid:pk>/undo/", worksheet.undo, name="undo"),
    path("full-texts/<uuid:pk>/retrieval/", worksheet.retrieval, name="retrieval"),
    path("included/", views.included, name="included"),
]
api: list[URLPattern] = [
    path("full-texts/", resources.FullTextsAPI.as_view(), name="list"),
    path("retrievals/", resources.RetrievalsAPI.as_view(), name="retrievals"),
]
