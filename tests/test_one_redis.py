"""One Redis serves several: other installations, and the test processes side by side. Each keeps to its own name there."""

import re
import runpy

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from screening.projects.throttle import ByMinute
from tests.bare_words import sources_of
from tests.shared import ROOT

# Both empty the whole database of Redis: the prefix of a cache does not hold them, and queued jobs of everybody go with it.
EMPTIES_ALL = re.compile(r"""\b(cache|caches\[[^\]]*\])\.(clear|aclear)\(|flush(db|all)\b""", re.IGNORECASE)
PYTHON = tuple(f"{place}/**/*.py" for place in ("screening", "extraction", "config", "bench", "tests"))


def emptying(sources: dict[str, str]) -> list[str]:
    return [path for path, text in sources.items() if EMPTIES_ALL.search(text)]


def test_nobody_empties_what_others_keep_there():
    sources = sources_of(ROOT, PYTHON)
    del sources["tests/test_one_redis.py"]
    assert len(sources) > 500 and emptying(sources) == []


def test_emptying_is_recognised():
    calls = ("cache.clear()", 'caches["default"].clear()', "connection.flushdb()", "redis.execute_command('FLUSHALL')")
    assert emptying(dict.fromkeys(calls, "") | {call: call for call in calls}) == list(calls)
    assert emptying({"a": "self._taken.clear()", "b": "read.cache_clear()", "c": "cache.delete('x')", "d": "sys.stdout.flush()"}) == []


def test_queue_and_cache_carry_the_name(monkeypatch):
    monkeypatch.setenv("BROLLY_QUEUE", "second")
    made = runpy.run_path(str(ROOT / "config" / "settings.py"))
    assert made["REDIS_NAME"] == made["CELERY_TASK_DEFAULT_QUEUE"] == made["CACHES"]["default"]["KEY_PREFIX"] == "second"


def test_people_are_counted_under_the_name(settings, monkeypatch):
    settings.REDIS_NAME = "second"
    asked = []
    monkeypatch.setattr(ByMinute, "_count", lambda self, key, scope, by=1: asked.append(key) or 1)
    request = RequestFactory().get("/")
    request.user = None
    assert ByMinute().allow_request(request, None)
    assert asked[0].startswith("second:throttle:anon:127.0.0.1:")


FIRST: list[str] = []


@pytest.mark.parametrize("time", [1, 2])
def test_each_test_begins_with_an_empty_cache_and_no_request_counted(settings, time):
    assert cache.get_or_set("kept", time) == time
    FIRST.append(settings.REDIS_NAME)
    assert len(set(FIRST)) == len(FIRST)
