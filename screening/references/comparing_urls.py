"""The addresses of what follows an import: duplicates compared, joins undone, fields corrected, sources set side by side."""

from django.urls import URLPattern, path

from screening.references.api import corrections as correction_resources
from screening.references.api import duplicates as duplicate_resources
from screening.references.views import duplicates, joins, overlap, report

pages: list[URLPattern] = [
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/versions/", duplicates.versions, name="versions"),
    path("duplicates/decided/", duplicates.decided, name="decided"),
    path("duplicates/verdict/", duplicates.verdict, name="verdict"),
    path("duplicates/decided/<uuid:act>/undo/", duplicates.take_back, name="undo-act"),
    path("imports/<uuid:pk>/joins/", joins.certain, name="joins"),
    path("reports/<uuid:pk>/correction/", report.correct, name="correct"),
    path("reports/<uuid:pk>/correction/<slug:field>/", report.take_back, name="undo-correction"),
    path("reports/sources/", overlap.sources, name="source-overlap"),
    path("reports/sources/reports-by-source.csv", overlap.sources_csv, name="source-overlap-csv"),
]
api: list[URLPattern] = [
    path("duplicates/", duplicate_resources.PairsAPI.as_view(), name="duplicates"),
    path("duplicates/verdicts/", duplicate_resources.VerdictsAPI.as_view(), name="verdicts"),
    path("duplicates/verdicts/<uuid:act>/undo/", duplicate_resources.UndoAPI.as_view(), name="undo-act"),
    path("imports/<uuid:pk>/joins/", duplicate_resources.CertainJoinsAPI.as_view(), name="joins"),
    path("reports/<uuid:pk>/corrections/", correction_resources.CorrectionsAPI.as_view(), name="corrections"),
    path("reports/<uuid:pk>/corrections/<slug:field>/", correction_resources.CorrectionAPI.as_view(), name="correction"),
    path("reports/sources/", correction_resources.SourceOverlapAPI.as_view(), name="source-overlap"),
]
