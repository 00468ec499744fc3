"""The only writers here: what the lead set, fits, and the decision to stop early."""

from screening.decisions.ranking.actions.fitting import FIT, fit, start_due
from screening.decisions.ranking.actions.setting import set_rule
from screening.decisions.ranking.actions.stopping import RESUME, STOP, carry_out, go_on, put_back, stop_early

__all__ = ["FIT", "RESUME", "STOP", "carry_out", "fit", "go_on", "put_back", "set_rule", "start_due", "stop_early"]
