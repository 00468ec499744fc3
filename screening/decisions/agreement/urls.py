"""The addresses of agreement."""

from django.urls import URLPattern, path

from screening.decisions.agreement import api as resources
from screening.decisions.agreement import views

pages: list[URLPattern] = [
    path("agreement/", views.page, name="agreement-page"),
    path("agreement/<slug:stage>/", views.page, name="agreement"),
    path("agreement/<slug:stage>/figures.csv", views.figures_csv, name="agreement-figures"),
    path("agreement/<slug:stage>/ratings.csv", views.table_csv, name="agreement-table"),
    path("agreement/<slug:stage>/kappa.svg", views.drawing, name="agreement-drawing"),
]
api: list[URLPattern] = [
    path("agreement/<slug:stage>/", resources.AgreementAPI.as_view(), name="agreement"),
]
