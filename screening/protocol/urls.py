"""The addresses of this room."""

from django.urls import URLPattern, path

from screening.protocol import api as resources
from screening.protocol import views

pages: list[URLPattern] = [
    path("protocol/", views.protocol, name="page"),
    path("protocol/questions/new/", views.new_question, name="new-question"),
    path("protocol/questions/<uuid:pk>/", views.question, name="question"),
    path("protocol/questions/<uuid:pk>/move/", views.move_question, name="move-question"),
    path("protocol/questions/<uuid:pk>/remove/", views.remove_question, name="remove-question"),
    path("protocol/criteria/new/", views.new_criterion, name="new-criterion"),
    path("protocol/criteria/<uuid:pk>/", views.criterion, name="criterion"),
    path("protocol/criteria/<uuid:pk>/move/", views.move_criterion, name="move-criterion"),
    path("protocol/criteria/<uuid:pk>/remove/", views.remove_criterion, name="remove-criterion"),
    path("protocol/versions/", views.record_version, name="record-version"),
    path("protocol/versions/<int:n>/", views.version, name="version"),
    path("sources/", views.sources, name="sources"),
    path("sources/prisma-s.csv", views.prisma_s, name="prisma-s"),
    path("sources/new/", views.new_source, name="new-source"),
    path("sources/<slug:source>/", views.source, name="source"),
]
api: list[URLPattern] = [
    path("protocol/", resources.ProtocolAPI.as_view(), name="protocol"),
    path("protocol/versions/", resources.VersionsAPI.as_view(), name="versions"),
    path("questions/", resources.QuestionsAPI.as_view(), name="questions"),
    path("questions/<uuid:pk>/", resources.QuestionAPI.as_view(), name="question"),
    path("questions/<uuid:pk>/move/", resources.MoveQuestionAPI.as_view(), name="move-question"),
    path("criteria/", resources.CriteriaAPI.as_view(), name="criteria"),
    path("criteria/<uuid:pk>/", resources.CriterionAPI.as_view(), name="criterion"),
    path("criteria/<uuid:pk>/move/", resources.MoveCriterionAPI.as_view(), name="move-criterion"),
    path("sources/", resources.SourcesAPI.as_view(), name="sources"),
    path("sources/<slug:source>/", resources.SourceAPI.as_view(), name="source"),
]
