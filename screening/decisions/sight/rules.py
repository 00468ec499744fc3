"""What there is to be seen while it is blind, in words. Pure."""

PEOPLE, CONFLICTS, PREVIEW = "people", "conflicts", "preview"

SIGHTS: dict[str, str] = {
    PEOPLE: "how many reports each person has decided on, those not settled yet among them",
    CONFLICTS: "how many reports are in conflict, and how many have one decision of two",
    PREVIEW: "what a change of policy would make of reports that are not settled yet",
}


def in_words(sees: list[str]) -> str:
    """What coordinators may see, as the rest of a sentence."""
    *others, last = [SIGHTS[key] for key in SIGHTS if key in sees] or ["nothing"]
    return f"{'; '.join(others)}; and {last}" if others else last
