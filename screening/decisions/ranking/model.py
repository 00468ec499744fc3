"""ELAS u4: which reports look most like those that were included. Needs no database.

A linear support vector machine (squared hinge, C .11) on the features of features.py; relevant reports weigh 1 and
irrelevant ones n_relevant / (9.8 n_irrelevant), rescaled to a mean of 1. Parameters as in ASReview LAB 2 and 3, which
chose them on the SYNERGY sets. Imported only by the job that fits.
"""

import warnings

import numpy as np
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.svm import LinearSVC

from screening.decisions.ranking.features import Array, Features

C = 0.11
RATIO = 9.8


def weights_of(relevant: Array) -> Array:
    """The weight of each labelled report. `relevant`: 0 or 1, with at least one of each."""
    n_relevant = int(relevant.sum())
    balance = n_relevant / (RATIO * (len(relevant) - n_relevant))
    weights = np.where(relevant == 1, 1.0, balance)
    return weights * (len(weights) / weights.sum())


def scores_of(features: Features, labelled: Array, relevant: Array, asked: Array) -> Array:
    """How much each of the reports `asked` (rows) looks like the relevant ones among `labelled` (rows); more is likelier.

    The same input gives the same scores. Raises ValueError unless there is at least one relevant and one irrelevant.
    """
    if len(np.unique(relevant)) != 2:
        raise ValueError("A fit needs at least one relevant and one irrelevant report.")
    # What only one report holds gets a column of its own, which tells nothing about any other.
    own = sparse.diags_array(features.own[labelled].astype(np.float64))
    rows = sparse.hstack([features.shared[labelled].astype(np.float64), own], format="csr")
    # scikit-learn's linear solver takes 32-bit positions.
    rows = sparse.csr_matrix((rows.data, rows.indices.astype(np.int32), rows.indptr.astype(np.int32)), shape=rows.shape)
    machine = LinearSVC(loss="squared_hinge", C=C, random_state=0)
    with warnings.catch_warnings():
        # A fit that stopped a little early orders titles as well; the next one comes soon.
        warnings.simplefilter("ignore", ConvergenceWarning)
        machine.fit(rows, relevant, sample_weight=weights_of(relevant))
    weights = machine.coef_[0, : features.shared.shape[1]].astype(np.float32)
    return features.shared[asked] @ weights


def likeliest_first(scores: Array) -> Array:
    """Places of the scores, the highest first; equal ones keep their order."""
    return np.argsort(-scores, kind="stable")
