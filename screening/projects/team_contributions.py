"""What later rooms do, and say, when somebody's roles change or they leave a project."""

from collections.abc import Callable
from typing import Any

from screening.projects.models import Membership, Project

_roles_changed: list[Callable[[Membership], None]] = []
_workloads: list[Callable[[Project], dict[Any, list[tuple[str, int]]]]] = []
_leaving: list[Callable[[Membership], list[str]]] = []


def roles_changed(act: Callable[[Membership], None]) -> Callable[[Membership], None]:
    """Register what happens, in the same transaction, once a member's roles are other ones."""
    _roles_changed.append(act)
    return act


def leaving(say: Callable[[Membership], list[str]]) -> Callable[[Membership], list[str]]:
    """Register sentences about what becomes of a member's work if they leave."""
    _leaving.append(say)
    return say


def workload(give: Callable[[Project], dict[Any, list[tuple[str, int]]]]) -> Callable[[Project], dict[Any, list[tuple[str, int]]]]:
    """Register what members did, as numbers in words: member id -> (label, n). Of settled reports alone: all else would tell."""
    _workloads.append(give)
    return give


def workloads_in(project: Project) -> dict[Any, list[tuple[str, int]]]:
    found: dict[Any, list[tuple[str, int]]] = {}
    for give in _workloads:
        for member, lines in give(project).items():
            found.setdefault(member, []).extend(lines)
    return found


def tell_roles_changed(member: Membership) -> None:
    for act in _roles_changed:
        act(member)


def what_becomes_of(member: Membership) -> list[str]:
    return [line for say in _leaving for line in say(member)]
