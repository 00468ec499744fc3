"""The addresses of the order of titles."""

from django.urls import URLPattern, path

from screening.decisions.ranking import api as resources
from screening.decisions.ranking import views

pages: list[URLPattern] = [
    path("screening/ranking/", views.page, name="ranking"),
    path("screening/ranking/rule/", views.set_rule, name="ranking-rule"),
    path("screening/ranking/stop/", views.stop, name="ranking-stop"),
    path("screening/ranking/go-on/", views.go_on, name="ranking-go-on"),
]
api: list[URLPattern] = [
    path("ranking/", resources.RankingAPI.as_view(), name="ranking"),
    path("ranking/stop/", resources.StoppingAPI.as_view(), name="ranking-stop"),
    path("ranking/go-on/", resources.GoingOnAPI.as_view(), name="ranking-go-on"),
]
