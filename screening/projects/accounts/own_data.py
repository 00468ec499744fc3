"""Everything that is kept of one person, as JSON files in one zip: their account, and in each project what they wrote and did.

What to gather is read from the tables themselves: whatever says who made it belongs to whom. A table that a later
room adds is in the file without being named here.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.apps import apps
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from screening.projects import contributions
from screening.projects.facts import Written
from screening.projects.jobs import Handle, JobFailure
from screening.projects.models import Invitation, Job, Membership, User
from screening.projects.queries import role_names

KIND = "own_data"
# Of the server's own making, or secret; and where a table says whose a row is.
LEFT_OUT = {"seq", "payload_hash", "digest", "lease_key", "unseen_notices"}
MAKERS = ("by", "member", "membership", "added_by")
# Lines of somebody's fact that do not say whose they are: the fact does.
THROUGH = {"OutcomeRating": "answer__by"}
# Not facts, and yet somebody's own.
OWN_ROWS = {"SavedFilter", "DeskView", "AssessmentDraft", "OutcomeOfInterest", "Notice"}


def tables() -> list[tuple[type[models.Model], list[str]]]:
    """Every table with rows that are somebody's own, and the fields that say whose, in a fixed order."""
    found = []
    for model in apps.get_models():
        if hasattr(model, "pgh_tracked_model") or model in (Invitation, Job):
            continue
        makers = [field.name for field in model._meta.concrete_fields if field.related_model is Membership and field.name in MAKERS]
        if "member" in makers:
            # Whoever brought in what a colleague decided elsewhere wrote the row; it is the colleague's all the same.
            makers = ["member"]
        if model.__name__ in THROUGH:
            makers = [THROUGH[model.__name__]]
        if makers and (issubclass(model, Written) or model.__name__ in OWN_ROWS):
            found.append((model, makers))
    return sorted(found, key=lambda pair: pair[0]._meta.label)


def bodies(model: type[models.Model]) -> list[models.OneToOneField]:
    """Tables that hold part of each row of this one, as the words of a voice are kept apart from it."""
    return [
        field
        for other in apps.get_models()
        for field in other._meta.concrete_fields
        if isinstance(field, models.OneToOneField)
        and field.related_model is model
        and other is not model
        and not hasattr(other, "pgh_tracked_model")
        and not any(one.related_model is Membership for one in other._meta.concrete_fields)
    ]


def row_of(thing: models.Model) -> dict[str, Any]:
    """One row with its own columns. Things it points at are named by their id."""
    return {field.name: field.value_from_object(thing) for field in thing._meta.concrete_fields if field.name not in LEFT_OUT}


def rows_of(member: Membership) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """Table by table what a member made in one project."""
    for model, makers in tables():
        mine = models.Q()
        for maker in makers:
            mine |= models.Q(**{maker: member})
        found = model._base_manager.filter(mine).order_by("pk")
        parts = bodies(model)
        yield model._meta.model_name, (_with_parts(thing, parts) for thing in found.iterator(chunk_size=1000))


def _with_parts(thing: models.Model, parts: list[models.OneToOneField]) -> dict[str, Any]:
    row = row_of(thing)
    for field in parts:
        part = field.model._base_manager.filter(**{field.name: thing}).first()
        if part:
            row |= {name: value for name, value in row_of(part).items() if name not in row and name != field.name}
    return row


def account_of(user: User) -> dict[str, Any]:
    """What belongs to the person and to no project. No password, no secret of a token."""
    from allauth.account.models import EmailAddress

    return {
        "id": user.pk,
        "name": user.name,
        "email": user.email,
        "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "joined": user.date_joined,
        "last_login": user.last_login,
        "mails_about_notices": user.digest or "never",
        "tokens": list(user.api_tokens.values("name", "created_at", "revoked_at")),
        "invitations_by_my_address": list(
            Invitation.objects.filter(email__iexact=user.email).values("project__title", "created_at", "expires_at", "revoked_at")
        ),
    }


def membership_of(member: Membership) -> dict[str, Any]:
    return {
        "project": member.project.title,
        "address": f"/p/{member.project.slug}/",
        "id": member.pk,
        "named": member.shown_name,
        "named_as": member.named_as,
        "roles": role_names(member.roles) if member.roles else "",
        "joined": member.joined_at,
        "last_seen_on": member.last_seen_on,
    }


READ_ME = """This is what Brolly keeps of you, as of {at}.

account.json: your account. Each folder is one project you are or were in: membership.json says how you are named in it,
and each other file is one kind of thing you made: decisions, voices, notes, imports. What you sent with your words is in
files. Times are in UTC. Things are
named by their id, which is also in their address. Your password and the secrets of your tokens are not kept, only a
digest of each, and are not here.
"""


def write_zip(path: Path, user: User, step: Any = None) -> int:
    """Write the file; gives how many rows are in it. Rows go out one by one, however many there are."""
    members = list(Membership.objects.filter(user=user).select_related("project").order_by("joined_at", "pk"))
    total = 0
    with ZipFile(path, "w", ZIP_DEFLATED) as bundle:
        bundle.writestr("README.txt", READ_ME.format(at=timezone.now().isoformat(timespec="seconds")))
        bundle.writestr("account.json", _json(account_of(user)))
        for n, member in enumerate(members):
            if step:
                step(n, len(members))
            bundle.writestr(f"{member.project.slug}/membership.json", _json(membership_of(member)))
            for name, rows in rows_of(member):
                total += _write_rows(bundle, f"{member.project.slug}/{name}.json", rows)
            _write_files(bundle, member)
    return total


def _write_files(bundle: ZipFile, member: Membership) -> None:
    """The files a member gave, where a table says that its rows are such files (OWN_FILE: whose, where it lies, its name)."""
    for model in apps.get_models():
        whose, path, name = getattr(model, "OWN_FILE", ("", "", ""))
        if not whose:
            continue
        for one in model._base_manager.filter(**{whose: member}).exclude(**{path: ""}).order_by("pk"):
            try:
                with default_storage.open(getattr(one, path)) as content:
                    bundle.writestr(f"{member.project.slug}/files/{one.pk}-{getattr(one, name)}", content.read())
            except FileNotFoundError:
                # Taken out of the store at this moment, or lost with it: the row that names it is in the file all the same.
                continue


def _write_rows(bundle: ZipFile, name: str, rows: Iterator[dict[str, Any]]) -> int:
    first = next(rows, None)
    if first is None:
        return 0
    n = 1
    with bundle.open(name, "w", force_zip64=True) as file:
        file.write(b"[\n" + _json(first).encode())
        for row in rows:
            file.write(b",\n" + _json(row).encode())
            n += 1
        file.write(b"\n]\n")
    return n


def _json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


@contributions.job(KIND, page=lambda job: "/account/data/")
def gather(handle: Handle) -> dict[str, Any]:
    """Runs the job: one file, kept for whoever asked alone."""
    user = handle.job.user
    if user is None:
        raise JobFailure(_("The account is not there any more, so nothing was made."))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "my-brolly-data.zip"
        n = write_zip(path, user, lambda done, total: handle.step(done, total, _("Gathering what is yours.")))
        with path.open("rb") as content:
            stored = default_storage.save(f"own-data/{handle.job.pk}/{handle.key}/{path.name}", File(content))
        size = path.stat().st_size
    sentence = _("Your data are ready.")
    handle.step(1, 1, sentence)
    return {"path": stored, "size": size, "rows": n}
