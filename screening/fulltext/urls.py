"""The addresses of this room."""

from django.urls import URLPattern, path

from screening.fulltext import api as resources
from screening.fulltext import views
from screening.fulltext.documents import api as files
from screening.fulltext.documents import views as documents
from screening.fulltext.lines import urls as lines
from screening.fulltext.reviews import api as included
from screening.fulltext.reviews import views as reviews
from screening.fulltext.worksheet import api as assessments
from screening.fulltext.worksheet import views as worksheet

pages: list[URLPattern] = [
    path("full-texts/", views.full_texts, name="list"),
    path("full-texts/retrievals/", views.retrievals, name="retrievals"),
    path("full-texts/documents/", documents.documents, name="documents"),
    path("full-texts/documents/<uuid:document>/file/", documents.file, name="document-file"),
    path("full-texts/documents/<uuid:document>/search/", documents.search, name="document-search"),
    path("full-texts/documents/<uuid:document>/marks/", documents.marks, name="document-marks"),
    path("full-texts/documents/<uuid:document>/place/", documents.place, name="place-document"),
    path("full-texts/documents/<uuid:document>/read-again/", documents.read_again, name="read-document-again"),
    path("full-texts/<uuid:pk>/documents/", documents.upload_here, name="upload-here"),
    path("full-texts/<uuid:pk>/", worksheet.assess, name="assess"),
    path("full-texts/<uuid:pk>/decision/", worksheet.decide, name="decide"),
    path("full-texts/<uuid:pk>/draft/", worksheet.draft, name="draft"),
    path("full-texts/<uuid:pk>/undo/", worksheet.undo, name="undo"),
    path("full-texts/<uuid:pk>/retrieval/", worksheet.retrieval, name="retrieval"),
    *lines.pages,
    path("included/", reviews.included, name="included"),
    path("included/<uuid:pk>/belongs/", reviews.belongs, name="belongs"),
]
api: list[URLPattern] = [
    path("full-texts/", resources.FullTextsAPI.as_view(), name="list"),
    path("assessments/", assessments.AssessmentsAPI.as_view(), name="assessments"),
    path("assessments/verdict/", assessments.VerdictAPI.as_view(), name="verdict"),
    path("documents/", files.DocumentsAPI.as_view(), name="documents"),
    path("documents/<uuid:document>/", files.DocumentAPI.as_view(), name="document"),
    path("documents/<uuid:document>/file/", files.DocumentFileAPI.as_view(), name="document-file"),
    path("documents/<uuid:document>/placing/", files.PlacingAPI.as_view(), name="placing"),
    path("documents/<uuid:document>/words/", files.DocumentWordsAPI.as_view(), name="document-words"),
    *lines.api,
    path("included/", included.IncludedAPI.as_view(), name="included"),
    path("included/<uuid:report>/belonging/", included.BelongingAPI.as_view(), name="belonging"),
    path("retrievals/", resources.RetrievalsAPI.as_view(), name="retrievals"),
]
