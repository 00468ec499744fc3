"""The addresses of this room."""

from django.urls import URLPattern, path

from screening.voices import api as resources
from screening.voices import views
from screening.voices.attachments import views as attachments
from screening.voices.glossary import api as glossary_resources
from screening.voices.glossary import views as glossary
from screening.voices.involvement import urls as involvement
from screening.voices.left import views as left
from screening.voices.meetings import urls as meetings
from screening.voices.plain import views as plain
from screening.voices.priorities import urls as priorities
from screening.voices.support import api as support_resources
from screening.voices.support import views as support

pages: list[URLPattern] = [
    # Before the threads, whose addresses begin with any kind.
    *involvement.pages,
    *meetings.pages,
    *priorities.pages,
    path("voices/", views.voices, name="list"),
    path("voices/said/", views.said, name="said"),
    path("voices/left/", left.left, name="left"),
    path("voices/left/<uuid:left_id>/", left.let_stand, name="let-stand"),
    path("voices/speak/", views.speak_from, name="speak"),
    path("plain-words/", plain.plain, name="plain"),
    path("glossary/", glossary.glossary, name="glossary"),
    path("glossary/<uuid:term_id>/remove/", glossary.take_away, name="remove-term"),
    path("support/", support.support, name="support"),
    path("support/promise/", support.promise, name="promise"),
    path("support/files/", attachments.switch, name="switch-files"),
    path("voices/<uuid:voice_id>/answer/", views.answer, name="answer"),
    path("voices/<uuid:voice_id>/files/<uuid:file_id>/", attachments.file, name="file"),
    path("voices/<uuid:voice_id>/mark/", views.mark, name="mark"),
    path("voices/<uuid:voice_id>/withdraw/", views.withdraw, name="withdraw"),
    path("voices/<slug:kind>/<uuid:about_id>/", views.thread, name="thread"),
]
api: list[URLPattern] = [
    *involvement.api,
    *meetings.api,
    *priorities.api,
    path("glossary/", glossary_resources.GlossaryAPI.as_view(), name="glossary"),
    path("glossary/<uuid:term_id>/", glossary_resources.TermAPI.as_view(), name="term"),
    path("support/", support_resources.SupportAPI.as_view(), name="support"),
    path("voices/", resources.VoicesAPI.as_view(), name="voices"),
    path("voices/<uuid:voice_id>/", resources.VoiceAPI.as_view(), name="voice"),
    path("voices/<uuid:voice_id>/files/<uuid:file_id>/", resources.FileAPI.as_view(), name="file"),
    path("voices/<uuid:voice_id>/audience/", resources.MarkAPI.as_view(), name="audience"),
    path("voices/<uuid:voice_id>/answers/", resources.AnswersAPI.as_view(), name="answers"),
]
