"""The addresses of this room."""

from django.urls import URLPattern, path

from extraction.studies import api as resources
from extraction.studies import views

pages: list[URLPattern] = [
    path("extraction/matrix/", views.matrix_page, name="matrix"),
    path("extraction/matrix.csv", views.matrix_csv, name="matrix_csv"),
    path("extraction/<uuid:review>/studies/", views.list_page, name="list"),
    path("extraction/<uuid:review>/studies/<uuid:citation_list>/", views.one_page, name="one"),
    path("extraction/<uuid:review>/studies/<uuid:citation_list>/withdraw/", views.withdraw, name="withdraw"),
]
api: list[URLPattern] = [
    path("reviews/<uuid:review>/citation-lists/", resources.CitationLists.as_view(), name="citation-lists"),
    path("reviews/<uuid:review>/citation-lists/<uuid:citation_list>/withdrawal/", resources.Withdrawal.as_view(), name="withdrawal"),
    path("matrix/", resources.Matrix.as_view(), name="matrix"),
]
