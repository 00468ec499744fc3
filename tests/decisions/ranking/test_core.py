"""The core against scikit-learn as it comes, and what keeps its features."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from screening.decisions.ranking import features as core
from screening.decisions.ranking.features import features_of, keep, kept
from screening.decisions.ranking.model import likeliest_first, scores_of, weights_of
from tests.shared import ROOT

WORDS = ["peer", "support", "in", "crisis", "teams", "été", "a", "wards", "recovery", "colleges", "of", "review", "x1", "trial"]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join), min_size=2, max_size=40)


def products(texts: list[str]) -> np.ndarray:
    """Each text's scalar product with each, as the classifier sees them."""
    found = features_of(texts)
    both = (found.shared @ found.shared.T).toarray().astype(float)
    return both + np.diag(found.own.astype(float) ** 2)


@settings(max_examples=80, deadline=None)
@given(TEXTS)
def test_features_are_those_of_scikit_learn_to_the_classifier(texts):
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=1, max_df=0.95)
    try:
        theirs = vectorizer.fit_transform(texts)
    except ValueError:
        return  # no words are left
    assert products(texts) == pytest.approx((theirs @ theirs.T).toarray(), abs=1e-5)


def test_chunks_make_no_difference(monkeypatch):
    texts = [" ".join(WORDS[(n * k) % len(WORDS)] for k in range(n % 11)) for n in range(50)]
    whole = products(texts)
    monkeypatch.setattr(core, "CHUNK", 7)
    assert products(texts) == pytest.approx(whole, abs=1e-6)


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["peer support"], ["peer", ""]])
def test_few_words_are_no_error(texts):
    assert len(features_of(texts)) == len(texts)


def made_up(n: int) -> tuple[list[str], np.ndarray]:
    chance = np.random.default_rng(5)
    relevant = (np.arange(n) % 7 == 0).astype(int)
    about = [["peer", "support", "recovery"], ["trial", "wards", "x1"]]
    words = [" ".join([*chance.choice(about[1 - label], 4), *chance.choice(WORDS, 12), f"own{k}"]) for k, label in enumerate(relevant)]
    return words, relevant


def test_scores_order_titles_as_the_plain_classifier_does():
    texts, relevant = made_up(120)
    labelled, asked = np.arange(60), np.arange(60, 120)
    theirs = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=1, max_df=0.95).fit_transform(texts)
    machine = LinearSVC(loss="squared_hinge", C=0.11, random_state=0)
    machine.fit(theirs[:60], relevant[:60], sample_weight=weights_of(relevant[:60]))
    expected = machine.decision_function(theirs[60:])
    scores = scores_of(features_of(texts), labelled, relevant[:60], asked)
    assert scores - scores.mean() == pytest.approx(expected - expected.mean(), abs=1e-3)
    first = likeliest_first(scores)[:9]
    assert relevant[60:][first].mean() > 0.8


def test_the_same_input_gives_the_same_scores():
    texts, relevant = made_up(80)
    found = features_of(texts)
    one, two = (scores_of(found, np.arange(40), relevant[:40], np.arange(40, 80)) for _ in range(2))
    assert np.array_equal(one, two)


def test_weights_are_balanced_with_a_mean_of_one():
    weights = weights_of(np.array([1, 0, 0, 0, 0]))
    assert weights.mean() == pytest.approx(1)
    assert weights[0] / weights[1] == pytest.approx(9.8 * 4)


def test_one_kind_alone_cannot_be_learnt_from():
    with pytest.raises(ValueError, match="at least one relevant"):
        scores_of(features_of(["peer support", "peer work"]), np.array([0, 1]), np.array([1, 1]), np.array([0]))


def ids(n: int) -> np.ndarray:
    return np.frombuffer(b"".join(k.to_bytes(16, "big") for k in range(n)), dtype="V16")


def test_features_are_kept_and_read_back_only_for_the_same_texts(tmp_path: Path):
    path, made, digests = tmp_path / "deep" / "features.npz", features_of(["peer support", "peer work in wards"]), np.array([4, 5])
    assert kept(path, ids(2), digests) is None
    keep(path, ids(2), digests, made)
    found = kept(path, ids(2), digests)
    assert (found.shared != made.shared).nnz == 0 and np.array_equal(found.own, made.own)
    assert kept(path, ids(2), np.array([4, 6])) is None
    assert kept(path, ids(3), np.array([4, 5, 6])) is None
    assert list(path.parent.iterdir()) == [path], "no part of a file is left behind"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"\x93NUMPY", b"plain words"])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, content: bytes):
    path = tmp_path / "features.npz"
    path.write_bytes(content)
    assert kept(path, ids(1), np.array([1])) is None


def test_a_web_process_never_loads_the_learning_libraries():
    """They cost seconds and 100 MB; only the job that fits needs them."""
    code = (
        "import django, sys; django.setup(); import config.urls, config.celery, screening.decisions.tasks;"
        "from django.urls import get_resolver; get_resolver().url_patterns;"
        "print([name for name in ('numpy', 'scipy', 'sklearn') if name in sys.modules])"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
