"""The tiny project's pages: whether it is well, how often it was asked, and a way to keep it busy."""

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from config.celery import sleep


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def remember(request: HttpRequest) -> HttpResponse:
    """Add a row, and answer with how many rows were ever added: the sign that data survives."""
    sleep.delay(60.0)
    ContentType.objects.create(app_label="remembered", model=f"row{ContentType.objects.count()}")
    return JsonResponse({"rows": ContentType.objects.filter(app_label="remembered").count()})


urlpatterns = [path("healthz", healthz), path("remember", remember)]
