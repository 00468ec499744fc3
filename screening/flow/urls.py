"""The addresses of this room. The files and the equations stand before the boxes, whose names are words."""

from django.urls import URLPattern, path

from screening.flow import api as resources
from screening.flow import views
from screening.flow.files import views as files
from screening.flow.files.writing import KINDS
from screening.flow.labels import api as labels_api
from screening.flow.labels import views as labels
from screening.flow.lists import api as lists_api
from screening.flow.lists import views as lists
from screening.flow.past import api as past_api
from screening.flow.past import views as past
from screening.flow.splits import views as splits

FILES = [
    path(f"flow/{kind.page.replace('-', '.')}", files.of_a_list if kind.of_list else files.of_the_figure, {"kind": key}, name=kind.page)
    for key, kind in KINDS.items()
]

pages: list[URLPattern] = [
    path("", views.project, name="project"),
    *FILES,
    path("flow/identities/", views.equations, name="identities"),
    path("flow/past/", past.past, name="past"),
    path("flow/words/", views.told, name="told"),
    path("flow/split/", splits.split, name="split"),
    path("flow/labels/", labels.labels, name="labels"),
    path("flow/labels/previous/", labels.previous, name="previous"),
    path("flow/files/", files.files, name="files"),
    path("flow/files/<uuid:flow_file_id>/", files.made_file, name="made-file"),
    path("flow/<slug:box>/", lists.box, name="box"),
    path("flow/<slug:box>/file/", lists.list_file, name="list-file"),
]
api: list[URLPattern] = [
    path("flow/", resources.FlowAPI.as_view(), name="flow"),
    path("flow/past/", past_api.PastAPI.as_view(), name="past"),
    path("flow/split/", resources.SplitAPI.as_view(), name="split"),
    path("flow/words/", resources.WordsAPI.as_view(), name="words"),
    path("flow/labels/", labels_api.LabelsAPI.as_view(), name="labels"),
    path("flow/previous/", labels_api.PreviousAPI.as_view(), name="previous"),
    path("flow/<slug:box>/", lists_api.BoxAPI.as_view(), name="box"),
]
