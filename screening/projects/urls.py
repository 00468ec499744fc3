"""The addresses of this room. `entrance` and `entrance_api` stand outside any project."""

from django.urls import URLPattern, path

from screening.projects import api as resources
from screening.projects import views

pages: list[URLPattern] = [
    path("team/", views.team, name="team"),
    path("team/invite/", views.invite, name="invite"),
    path("team/<uuid:member_id>/roles/", views.change_roles, name="roles"),
    path("team/<uuid:member_id>/leave/", views.leave, name="leave"),
    path("team/invitations/<uuid:invitation_id>/revoke/", views.revoke_invitation, name="invitation-revoke"),
    path("settings/", views.settings, name="settings"),
    path("jobs/<uuid:job_id>/", views.job, name="job"),
    path("jobs/<uuid:job_id>/cancel/", views.cancel_job, name="job-cancel"),
    path("history/<slug:kind>/<uuid:thing_id>/", views.history, name="history"),
]
api: list[URLPattern] = [
    path("members/", resources.MembersAPI.as_view(), name="members"),
    path("members/<uuid:member_id>/", resources.MemberAPI.as_view(), name="member"),
    path("invitations/", resources.InvitationsAPI.as_view(), name="invitations"),
    path("invitations/<uuid:invitation_id>/", resources.InvitationAPI.as_view(), name="invitation"),
    path("waiting/", resources.WaitingAPI.as_view(), name="waiting"),
    path("jobs/<uuid:job_id>/", resources.JobAPI.as_view(), name="job"),
    path("history/<slug:kind>/<uuid:thing_id>/", resources.HistoryAPI.as_view(), name="history"),
]
entrance: list[URLPattern] = [
    path("", views.home, name="home"),
    path("projects/new", views.new_project, name="new-project"),
    path("account/", views.account, name="account_settings"),
    path("account/tokens/<uuid:token_id>/revoke/", views.revoke_token, name="token-revoke"),
    path("join/<str:secret>", views.join, name="join"),
]
entrance_api: list[URLPattern] = [
    path("schema/", resources.SchemaAPI.as_view(), name="schema"),
    path("docs/", resources.DocumentationPage.as_view(), name="docs"),
    path("me/", resources.MeAPI.as_view(), name="me"),
    path("projects/", resources.ProjectsAPI.as_view(), name="projects"),
    path("projects/<slug:slug>/", resources.ProjectDetailAPI.as_view(), name="project"),
]
