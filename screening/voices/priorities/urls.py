"""The addresses of priorities."""

from django.urls import URLPattern, path

from screening.voices.priorities import api as resources
from screening.voices.priorities import views

pages: list[URLPattern] = [
    path("voices/priorities/", views.priorities, name="priorities"),
    path("voices/priorities/ask/", views.ask, name="ask-priorities"),
    path("voices/priorities/<uuid:asked>/", views.round_page, name="priority-round"),
    path("voices/priorities/<uuid:asked>/close/", views.close, name="close-priorities"),
    path("voices/priorities/<uuid:asked>/take-back/", views.take_back, name="take-back-priorities"),
    path("voices/priorities/<uuid:asked>/results.csv", views.results_csv, name="priorities-csv"),
    path("voices/priorities/<uuid:asked>/results.json", views.results_json, name="priorities-json"),
    path("voices/priorities/<uuid:asked>/figure.svg", views.figure_svg, name="priorities-figure"),
]
api: list[URLPattern] = [
    path("priorities/", resources.RoundsAPI.as_view(), name="priorities"),
    path("priorities/<uuid:asked>/mine/", resources.MyAnswerAPI.as_view(), name="my-priorities"),
    path("priorities/<uuid:asked>/close/", resources.ClosingAPI.as_view(), name="close-priorities"),
    path("priorities/<uuid:asked>/results/", resources.ResultsAPI.as_view(), name="priority-results"),
]
