"""The gallery with what its frame links to; config.urls has it under DEBUG alone, which tests run without."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from config import design


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse("home")


urlpatterns = [path("", home, name="home"), path("accounts/", include("allauth.urls")), *design.urlpatterns]
