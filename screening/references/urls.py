"""The addresses of this room."""

from django.urls import URLPattern, path

from screening.references import api as resources
from screening.references import views

pages: list[URLPattern] = [
    path("imports/", views.imports, name="imports"),
    path("imports/<uuid:pk>/", views.import_run, name="import"),
    path("imports/<uuid:pk>/again/", views.read_again, name="read-again"),
    path("imports/<uuid:pk>/withdrawal/", views.withdraw, name="withdraw"),
    path("reports/", views.reports, name="reports"),
    path("reports/<uuid:pk>/", views.report, name="report"),
    path("reports/<uuid:pk>/join/", views.join, name="join"),
    path("records/<uuid:pk>/split/", views.split, name="split"),
]
api: list[URLPattern] = [
    path("imports/", resources.ImportsAPI.as_view(), name="imports"),
    path("imports/<uuid:pk>/", resources.ImportAPI.as_view(), name="import"),
    path("imports/<uuid:pk>/withdrawal/", resources.WithdrawalAPI.as_view(), name="withdraw"),
    path("reports/", resources.ReportsAPI.as_view(), name="reports"),
    path("reports/<uuid:pk>/", resources.ReportAPI.as_view(), name="report"),
    path("reports/<uuid:pk>/join/", resources.JoinAPI.as_view(), name="join"),
    path("records/<uuid:pk>/split/", resources.SplitAPI.as_view(), name="split"),
]
