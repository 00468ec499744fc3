"""Every address, as nested nouns: pages under /p/<project>/, the API under /api/v1/."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from screening.projects.access import open_page


@open_page
def healthz(request: HttpRequest) -> HttpResponse:
    """For the load balancer and the launcher: the web process answers."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
]
