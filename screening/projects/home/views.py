"""Home: my projects and what waits for me in each; and making a project."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from screening.projects import actions
from screening.projects.access import signed_in_page
from screening.projects.forms import NewProjectForm
from screening.projects.home.queries import projects_of, shown


@require_GET
@signed_in_page
def home(request: HttpRequest) -> HttpResponse:
    """My projects, and what waits for me in each."""
    number = request.GET.get("page", "")
    page = int(number) if number.isdecimal() and len(number) < 5 and int(number) else 1
    mine, more = projects_of(request.user, page)
    context = {
        "mine": mine,
        "bell": sum(entry.notices for entry in mine) if page == 1 and not more else None,
        "previous_url": f"?page={page - 1}" if page > 1 else "",
        "next_url": f"?page={page + 1}" if more else "",
        "shown": shown(page, len(mine), more),
    }
    return render(request, "projects/home.html", context)


@require_http_methods(["GET", "POST"])
@signed_in_page
def new_project(request: HttpRequest) -> HttpResponse:
    form = NewProjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        membership = actions.create_project(user=request.user, title=given["title"], summary=given["summary"], roles=tuple(given["roles"]))
        return redirect("flow:project", membership.project.slug)
    return render(request, "projects/new.html", {"form": form}, status=422 if form.is_bound else 200)
