"""The addresses of this room. `entrance` and `entrance_api` stand outside any project."""

from django.urls import URLPattern, path

from screening.projects import api as resources
from screening.projects import views
from screening.projects.accounts import api as account_resources
from screening.projects.accounts import views as accounts
from screening.projects.home import views as home
from screening.projects.sandbox import api as sandbox_resources
from screening.projects.sandbox import views as sandbox
from screening.projects.settings import api as settings_resources
from screening.projects.settings import views as settings
from screening.projects.team import api as team_resources
from screening.projects.team import views as team
from screening.projects.telling import api as telling_resources
from screening.projects.telling import views as telling

pages: list[URLPattern] = [
    path("team/", team.team, name="team"),
    path("team/invite/", team.invite, name="invite"),
    path("team/<uuid:member_id>/roles/", team.change_roles, name="roles"),
    path("team/<uuid:member_id>/leave/", team.leave, name="leave"),
    path("team/invitations/<uuid:invitation_id>/revoke/", team.revoke_invitation, name="invitation-revoke"),
    path("settings/", settings.settings, name="settings"),
    path("sandbox/", sandbox.sandbox, name="sandbox"),
    path("sandbox/delete/", sandbox.delete, name="sandbox-delete"),
    path("jobs/<uuid:job_id>/", views.job, name="job"),
    path("jobs/<uuid:job_id>/cancel/", views.cancel_job, name="job-cancel"),
    path("history/<slug:kind>/<uuid:thing_id>/", views.history, name="history"),
]
api: list[URLPattern] = [
    path("me/", settings_resources.NamingAPI.as_view(), name="naming"),
    path("members/", team_resources.MembersAPI.as_view(), name="members"),
    path("members/<uuid:member_id>/", team_resources.MemberAPI.as_view(), name="member"),
    path("invitations/", team_resources.InvitationsAPI.as_view(), name="invitations"),
    path("invitations/<uuid:invitation_id>/", team_resources.InvitationAPI.as_view(), name="invitation"),
    path("waiting/", resources.WaitingAPI.as_view(), name="waiting"),
    path("sandboxes/", sandbox_resources.SandboxesAPI.as_view(), name="sandboxes"),
    path("jobs/<uuid:job_id>/", resources.JobAPI.as_view(), name="job"),
    path("history/<slug:kind>/<uuid:thing_id>/", resources.HistoryAPI.as_view(), name="history"),
]
entrance: list[URLPattern] = [
    path("", home.home, name="home"),
    path("projects/new", home.new_project, name="new-project"),
    path("notices/", telling.notices, name="notices"),
    path("notices/latest/", telling.latest, name="notices-latest"),
    path("notices/seen/", telling.see_all, name="notices-seen"),
    path("notices/mails/", telling.mails, name="notices-mails"),
    path("notices/<uuid:notice_id>/", telling.follow, name="notice"),
    path("account/", accounts.account, name="account_settings"),
    path("account/tokens/<uuid:token_id>/revoke/", accounts.revoke_token, name="token-revoke"),
    path("account/data/", accounts.own_data, name="own-data"),
    path("account/data/<uuid:job_id>/", accounts.own_data_file, name="own-data-file"),
    path("account/delete/", accounts.delete_account, name="delete-account"),
    path("join/<str:secret>", team.join, name="join"),
]
entrance_api: list[URLPattern] = [
    path("schema/", resources.SchemaAPI.as_view(), name="schema"),
    path("docs/", resources.DocumentationPage.as_view(), name="docs"),
    path("me/", resources.MeAPI.as_view(), name="me"),
    path("me/data/", account_resources.OwnDataAPI.as_view(), name="own-data"),
    path("me/data/<uuid:job_id>/", account_resources.OwnDataFileAPI.as_view(), name="own-data-file"),
    path("notices/", telling_resources.NoticesAPI.as_view(), name="notices"),
    path("notices/seen/", telling_resources.SeenAPI.as_view(), name="notices-seen"),
    path("projects/", resources.ProjectsAPI.as_view(), name="projects"),
    path("projects/<slug:slug>/", resources.ProjectDetailAPI.as_view(), name="project"),
]
