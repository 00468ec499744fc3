"""The whole path of an umbrella review by three people in three browsers, with a real server and a real worker."""

import pytest

from tests.browser import beginning, screening_together, to_tables
from tests.browser.evening import Evening

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_three_people_take_searches_to_tables(visitor, worker, tmp_path):
    evening = Evening(visitor(), visitor(), visitor(), tmp_path)
    beginning.create(evening)
    beginning.invite(evening, evening.renate, "Renate")
    beginning.invite(evening, evening.ruben, "Ruben")
    beginning.write_the_protocol(evening)
    beginning.describe_the_sources(evening)
    screening_together.import_two_searches(evening)
    screening_together.screen_by_keys(evening)
    screening_together.settle_the_conflict(evening)
    to_tables.assess_full_texts(evening)
    to_tables.extract_two_reviews(evening)
    to_tables.compute_the_overlap(evening)
    to_tables.speak_and_be_answered(evening)
    to_tables.export_the_summary(evening)
