"""The addresses of this room."""

from django.urls import URLPattern, path

from screening.decisions import api as resources
from screening.decisions.agreement import urls as agreement
from screening.decisions.amended import urls as amended
from screening.decisions.bringing import api as bringing_resources
from screening.decisions.bringing import views as bringing
from screening.decisions.conflicts import urls as conflicts
from screening.decisions.desk import urls as desk
from screening.decisions.policies import urls as policies
from screening.decisions.ranking import urls as ranking

pages: list[URLPattern] = [
    *desk.pages,
    *ranking.pages,
    path("imports/<uuid:pk>/decisions/", bringing.bring_import, name="bring-import"),
    path("decision-files/", bringing.files, name="files"),
    path("decision-files/<uuid:pk>/", bringing.bring_file, name="bring-file"),
    path("brought-in/<uuid:run>/", bringing.run, name="run"),
    *agreement.pages,
    *conflicts.pages,
    *policies.pages,
    *amended.pages,
]
api: list[URLPattern] = [
    path("decisions/", resources.DecisionsAPI.as_view(), name="decisions"),
    path("queue/<slug:stage>/", resources.QueueAPI.as_view(), name="queue"),
    path("queue/<slug:stage>/seats/", resources.SeatsAPI.as_view(), name="seats"),
    *desk.api,
    *ranking.api,
    *agreement.api,
    *conflicts.api,
    *policies.api,
    *amended.api,
    path("imports/<uuid:pk>/decisions/", bringing_resources.ImportDecisionsAPI.as_view(), name="bring-import"),
    path("decision-files/", bringing_resources.FilesAPI.as_view(), name="files"),
    path("decision-files/<uuid:pk>/decisions/", bringing_resources.FileDecisionsAPI.as_view(), name="bring-file"),
]
