"""The addresses of the draft's lines."""

from django.urls import URLPattern, path

from screening.protocol.draft import api as resources
from screening.protocol.draft import views
from screening.protocol.draft.kinds import KINDS, Kind


def _pages(kind: Kind) -> list[URLPattern]:
    base = f"protocol/{kind.part}"
    return [
        path(f"{base}/new/", views.page_to_add(kind), name=f"new-{kind.name}"),
        path(f"{base}/<uuid:pk>/", views.page_of(kind), name=kind.name),
        path(f"{base}/<uuid:pk>/move/", views.move(kind), name=f"move-{kind.name}"),
        path(f"{base}/<uuid:pk>/remove/", views.remove(kind), name=f"remove-{kind.name}"),
    ]


pages: list[URLPattern] = [
    *[page for kind in KINDS for page in _pages(kind)],
    path("protocol/registration/", views.registration, name="registration"),
    path("protocol/start/", views.start, name="start"),
]
api: list[URLPattern] = [
    path("questions/", resources.QuestionsAPI.as_view(), name="questions"),
    path("questions/<uuid:pk>/", resources.QuestionAPI.as_view(), name="question"),
    path("questions/<uuid:pk>/move/", resources.MoveQuestionAPI.as_view(), name="move-question"),
    path("criteria/", resources.CriteriaAPI.as_view(), name="criteria"),
    path("criteria/<uuid:pk>/", resources.CriterionAPI.as_view(), name="criterion"),
    path("criteria/<uuid:pk>/move/", resources.MoveCriterionAPI.as_view(), name="move-criterion"),
    path("outcomes/", resources.OutcomesAPI.as_view(), name="outcomes"),
    path("outcomes/<uuid:pk>/", resources.OutcomeAPI.as_view(), name="outcome"),
    path("outcomes/<uuid:pk>/move/", resources.MoveOutcomeAPI.as_view(), name="move-outcome"),
    path("instruments/", resources.InstrumentsAPI.as_view(), name="instruments"),
    path("instruments/<uuid:pk>/", resources.InstrumentAPI.as_view(), name="instrument"),
    path("instruments/<uuid:pk>/move/", resources.MoveInstrumentAPI.as_view(), name="move-instrument"),
    path("protocol/registration/", resources.RegistrationAPI.as_view(), name="registration"),
    path("protocol/start/", resources.StartAPI.as_view(), name="start"),
]
