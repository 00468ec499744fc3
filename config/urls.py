"""Every address, as nested nouns: pages under /p/<project>/, the API under /api/v1/.

Each room's `urls.py` gives `pages` (below a project), `api` (below a project's resource), and the first room
also `entrance` and `entrance_api`, which stand outside any project.
"""

from importlib import import_module

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path

from screening.projects.access import open_page
from screening.projects.urls import entrance, entrance_api


@open_page
def healthz(request: HttpRequest) -> HttpResponse:
    """For the load balancer and the launcher: the web process answers."""
    return HttpResponse("ok", content_type="text/plain")


@open_page
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask here for pages that cannot name an icon themselves: figures and JSON."""
    return redirect(static("img/brolly.svg"))


@open_page
def nothing_in_the_api(request: HttpRequest, rest: str) -> HttpResponse:
    """A program that asks for an address there is not gets words it can read, not a page."""
    problem = {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "There is no such address. See /api/v1/docs/."}
    return JsonResponse(problem, status=404, content_type="application/problem+json")


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("favicon.ico", favicon, name="favicon"),
    path("accounts/", include("allauth.urls")),
    path("", include(entrance)),
    path("api/v1/", include((entrance_api, "api"))),
]
# Patterns are tried one after the other: where people decide, hundreds of times an hour, comes first.
in_order = sorted(settings.ROOMS, key=lambda room: not room.endswith(".decisions"))
of_rooms: list[URLPattern | URLResolver] = []
for room in in_order:
    urls = import_module(f"{room}.urls")
    name = room.rpartition(".")[2]
    of_rooms += [
        path("api/v1/projects/<slug:slug>/", include((urls.api, f"{name}-api"))),
        path("p/<slug:slug>/", include((urls.pages, name))),
    ]
urlpatterns = [*of_rooms, *urlpatterns]
urlpatterns.append(path("api/<path:rest>", nothing_in_the_api, name="nothing-in-the-api"))
if settings.DEBUG and not settings.OFFLINE:
    from config import design

    urlpatterns += design.urlpatterns
