"""The desk's JSON says the same as the API's other JSON, whatever is in it."""

import datetime
import json
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy
from hypothesis import given, settings
from hypothesis import strategies as st
from rest_framework.renderers import JSONRenderer

from screening.projects.quick_json import QuickJSON

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


def _both(data: Any) -> tuple[Any, Any]:
    return json.loads(QuickJSON().render(data)), json.loads(JSONRenderer().render(data))


@settings(max_examples=200)
@given(plain.filter(lambda data: data is not None))
def test_any_data_reads_back_as_elsewhere(data: Any) -> None:
    quick, usual = _both(data)
    assert quick == usual == data


def test_what_only_python_knows_is_written_as_elsewhere() -> None:
    moment = datetime.datetime(2026, 3, 1, 9, 30, 5, 123456, tzinfo=datetime.UTC)
    data = {
        "moment": moment,
        "day": moment.date(),
        "long": datetime.timedelta(minutes=3),
        "id": UUID(int=7),
        "share": Decimal("44.5"),
        "words": gettext_lazy("Title"),
        "pair": (1, 2),
        "line": "\u2028",
        "large": 2**70,
    }
    quick, usual = _both(data)
    assert quick == usual


def test_nothing_is_nothing_and_who_asks_for_room_between_gets_it() -> None:
    assert QuickJSON().render(None) == b""
    assert QuickJSON().render({"a": [1]}, "application/json; indent=2") == JSONRenderer().render({"a": [1]}, "application/json; indent=2")
