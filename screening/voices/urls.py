"""The addresses of this room."""

from django.urls import URLPattern, path

from screening.voices import api as resources
from screening.voices import views
from screening.voices.meetings import urls as meetings
from screening.voices.priorities import urls as priorities

pages: list[URLPattern] = [
    # Before the threads, whose addresses begin with any kind.
    *meetings.pages,
    *priorities.pages,
    path("voices/", views.voices, name="list"),
    path("voices/<uuid:voice_id>/answer/", views.answer, name="answer"),
    path("voices/<uuid:voice_id>/withdraw/", views.withdraw, name="withdraw"),
    path("voices/<slug:kind>/<uuid:about_id>/", views.thread, name="thread"),
]
api: list[URLPattern] = [
    *meetings.api,
    *priorities.api,
    path("voices/", resources.VoicesAPI.as_view(), name="voices"),
    path("voices/<uuid:voice_id>/", resources.VoiceAPI.as_view(), name="voice"),
    path("voices/<uuid:voice_id>/answers/", resources.AnswersAPI.as_view(), name="answers"),
]
