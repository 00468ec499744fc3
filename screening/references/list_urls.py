"""The addresses of the list of reports: labels, filters, files."""

from django.urls import URLPattern, path

from screening.references.api import labels as label_resources
from screening.references.views import lists

pages: list[URLPattern] = [
    path("reports/label/", lists.label_many, name="label-many"),
    path("reports/<uuid:pk>/label/", lists.label_report, name="label-report"),
    path("reports/filters/", lists.save_filter, name="save-filter"),
    path("reports/filters/<uuid:filter_id>/remove/", lists.remove_filter, name="remove-filter"),
    path("reports/export/", lists.export_list, name="export-list"),
    path("reports/exports/", lists.list_exports, name="list-exports"),
    path("reports/exports/<uuid:export_id>/", lists.list_file, name="list-file"),
    path("labels/", lists.labels_page, name="labels"),
]
api: list[URLPattern] = [
    path("labels/", label_resources.LabelsAPI.as_view(), name="labels"),
    path("reports/labels/", label_resources.LabellingAPI.as_view(), name="labelling"),
    path("reports/export/", label_resources.ListFileAPI.as_view(), name="export-list"),
]
