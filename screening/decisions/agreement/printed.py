"""Agreement as the command line, the API and the exported file give it: plain numbers, null where undefined, and why. Pure."""

from typing import Any

from .rules import Agreement, Measure, Together

NAMES = {
    "observed": "observed_agreement",
    "kappa": "kappa",
    "pabak": "pabak",
    "ac1": "gwet_ac1",
    "alpha": "krippendorff_alpha",
    "prevalence": "prevalence_index",
    "bias": "bias_index",
    "positive": "p_pos",
    "negative": "p_neg",
}
NAMES_TOGETHER = {
    "observed": "observed_agreement",
    "conger": "kappa",
    "fleiss": "fleiss_kappa",
    "pabak": "pabak",
    "ac1": "gwet_ac1",
    "alpha": "krippendorff_alpha",
}


def number(measure: Measure) -> float | None:
    return None if measure.value is None else float(measure.value)


def _named(result: Any, names: dict[str, str]) -> dict[str, Any]:
    measures = {name: getattr(result, attribute) for attribute, name in names.items()}
    return {
        **{name: number(measure) for name, measure in measures.items()},
        "undefined": {name: measure.why for name, measure in measures.items() if not measure.defined},
    }


def pair_figures(result: Agreement) -> dict[str, Any]:
    """Two raters: counts, figures as fractions of 1, and for each that is null the reason."""
    interval = result.interval
    bounds = None if interval.low is None else [interval.low, interval.high]
    return {
        "reports": result.n,
        "categories": list(result.categories),
        "table": [list(row) for row in result.table],
        **_named(result, NAMES),
        "kappa_interval": bounds,
        "kappa_standard_error": interval.standard_error,
    }


def together_figures(result: Together) -> dict[str, Any]:
    """More than two raters. `kappa` is Conger's, which is Cohen's for two."""
    return {"reports": result.n, "categories": list(result.categories), **_named(result, NAMES_TOGETHER)}


def decimals(measure: Measure, places: int = 4) -> str:
    """A figure for a cell of a table: rounded once, here; empty where it is undefined."""
    return "" if measure.value is None else f"{float(measure.value):.{places}f}"
