"""The addresses of this room."""

from django.urls import URLPattern, path

from screening.references import before_screening_urls, comparing_urls, import_urls, list_urls
from screening.references.api import duplicates as duplicate_resources
from screening.references.api import imports as import_resources
from screening.references.api import reports as report_resources
from screening.references.views import duplicates, imports, report, reports

pages: list[URLPattern] = [
    path("imports/", imports.imports, name="imports"),
    path("imports/<uuid:pk>/", imports.import_run, name="import"),
    path("imports/<uuid:pk>/again/", imports.read_again, name="read-again"),
    path("imports/<uuid:pk>/withdrawal/", imports.withdraw, name="withdraw"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<uuid:pk>/", report.report, name="report"),
    path("reports/<uuid:pk>/join/", duplicates.join, name="join"),
    path("records/<uuid:pk>/split/", duplicates.split, name="split"),
]
api: list[URLPattern] = [
    path("imports/", import_resources.ImportsAPI.as_view(), name="imports"),
    path("imports/<uuid:pk>/", import_resources.ImportAPI.as_view(), name="import"),
    path("imports/<uuid:pk>/withdrawal/", import_resources.WithdrawalAPI.as_view(), name="withdraw"),
    path("reports/", report_resources.ReportsAPI.as_view(), name="reports"),
    path("reports/<uuid:pk>/", report_resources.ReportAPI.as_view(), name="report"),
    path("reports/<uuid:pk>/join/", duplicate_resources.JoinAPI.as_view(), name="join"),
    path("records/<uuid:pk>/split/", duplicate_resources.SplitAPI.as_view(), name="split"),
]

# Removals before screening and known reviews have lists of their own.
pages += before_screening_urls.pages
api += before_screening_urls.api
# So have what is done with the list: labels, filters, files.
pages += list_urls.pages
api += list_urls.api
# And what is done with one import.
pages += import_urls.pages
api += import_urls.api
# And what is done with duplicates, corrections and sources side by side.
pages += comparing_urls.pages
api += comparing_urls.api
