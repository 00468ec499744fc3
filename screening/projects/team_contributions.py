"""What later rooms do, and say, when somebody's roles change or they leave a project."""

from collections.abc import Callable

from screening.projects.models import Membership

_roles_changed: list[Callable[[Membership], None]] = []
_leaving: list[Callable[[Membership], list[str]]] = []


def roles_changed(act: Callable[[Membership], None]) -> Callable[[Membership], None]:
    """Register what happens, in the same transaction, once a member's roles are other ones."""
    _roles_changed.append(act)
    return act


def leaving(say: Callable[[Membership], list[str]]) -> Callable[[Membership], list[str]]:
    """Register sentences about what becomes of a member's work if they leave."""
    _leaving.append(say)
    return say


def tell_roles_changed(member: Membership) -> None:
    for act in _roles_changed:
        act(member)


def what_becomes_of(member: Membership) -> list[str]:
    return [line for say in _leaving for line in say(member)]
