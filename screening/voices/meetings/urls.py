"""The addresses of meetings."""

from django.urls import URLPattern, path

from screening.voices.meetings import api as resources
from screening.voices.meetings import views

pages: list[URLPattern] = [
    path("voices/meetings/", views.meetings, name="meetings"),
    path("voices/meetings/new/", views.new_meeting, name="new-meeting"),
    path("voices/meetings/<uuid:meeting>/", views.meeting, name="meeting"),
    path("voices/meetings/<uuid:meeting>/correct/", views.correct, name="correct-meeting"),
    path("voices/meetings/<uuid:meeting>/take-me-off/", views.take_me_off, name="take-me-off-meeting"),
    path("voices/meetings/<uuid:meeting>/remove/", views.remove, name="remove-meeting"),
    path("voices/meetings/<uuid:meeting>/erase/", views.erase, name="erase-meeting"),
]
api: list[URLPattern] = [
    path("meetings/", resources.MeetingsAPI.as_view(), name="meetings"),
    path("meetings/<uuid:meeting>/", resources.MeetingAPI.as_view(), name="meeting"),
]
