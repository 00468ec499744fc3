"""The addresses of the involvement report."""

from django.urls import URLPattern, path

from screening.voices.involvement import api as resources
from screening.voices.involvement import views

pages: list[URLPattern] = [
    path("voices/involvement/", views.involvement, name="involvement"),
    path("voices/involvement/report.docx", views.report_docx, name="involvement-docx"),
    path("voices/involvement/report.md", views.report_markdown, name="involvement-markdown"),
    path("voices/involvement/timeline.svg", views.timeline_svg, name="involvement-timeline"),
    path("voices/involvement/<slug:section>/", views.section, name="involvement-section"),
    path("voices/involvement/<slug:section>/draft/", views.back_to_draft, name="involvement-draft"),
]
api: list[URLPattern] = [
    path("involvement/", resources.InvolvementAPI.as_view(), name="involvement"),
    path("involvement/<slug:section>/", resources.SectionAPI.as_view(), name="involvement-section"),
]
