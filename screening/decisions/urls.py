"""The addresses of this room."""

from django.urls import URLPattern, path

from screening.decisions import api as resources
from screening.decisions import views
from screening.decisions.agreement import urls as agreement
from screening.decisions.bringing import api as bringing_resources
from screening.decisions.bringing import views as bringing
from screening.decisions.desk import urls as desk
from screening.decisions.ranking import urls as ranking

pages: list[URLPattern] = [
    *desk.pages,
    *ranking.pages,
    path("imports/<uuid:pk>/decisions/", bringing.bring_import, name="bring-import"),
    path("decision-files/", bringing.files, name="files"),
    path("decision-files/<uuid:pk>/", bringing.bring_file, name="bring-file"),
    path("brought-in/<uuid:run>/", bringing.run, name="run"),
    *agreement.pages,
    path("conflicts/", views.conflicts, name="conflicts"),
    path("conflicts/<slug:stage>/<uuid:report>/", views.conflict, name="conflict"),
    path("conflicts/<slug:stage>/<uuid:report>/reveal/", views.reveal, name="reveal"),
    path("conflicts/<slug:stage>/<uuid:report>/settle/", views.settle, name="settle"),
    path("conflicts/<slug:stage>/<uuid:report>/reopen/", views.reopen, name="reopen"),
]
api: list[URLPattern] = [
    *desk.api,
    *ranking.api,
    path("queue/<slug:stage>/", resources.QueueAPI.as_view(), name="queue"),
    path("decisions/", resources.DecisionsAPI.as_view(), name="decisions"),
    path("conflicts/", resources.ConflictsAPI.as_view(), name="conflicts"),
    path("conflicts/<slug:stage>/<uuid:report>/reveal/", resources.RevealAPI.as_view(), name="reveal"),
    *agreement.api,
    path("resolutions/", resources.ResolutionsAPI.as_view(), name="resolutions"),
    path("imports/<uuid:pk>/decisions/", bringing_resources.ImportDecisionsAPI.as_view(), name="bring-import"),
    path("decision-files/", bringing_resources.FilesAPI.as_view(), name="files"),
    path("decision-files/<uuid:pk>/decisions/", bringing_resources.FileDecisionsAPI.as_view(), name="bring-file"),
    path("reopenings/", resources.ReopeningsAPI.as_view(), name="reopenings"),
]
