"""The addresses of this room."""

from django.urls import URLPattern

pages: list[URLPattern] = []
api: list[URLPattern] = []
