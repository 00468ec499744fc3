"""What this room hands in: where reports stand, what waits at the desks, and the decisions' part of a history."""

from screening.decisions import actions
from screening.projects import contributions

contributions.placing(contributions.Placing(hold=actions.hold_reports, place=actions.place_reports))
