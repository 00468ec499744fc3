"""ASReview's own simulation, run by the Python of its own environment: python _ranking_peer.py SET.csv SEED.

The same steps as `asreview simulate SET.csv --ai elas_u4 --n-prior-included 1 --n-prior-excluded 1 --prior-seed SEED
--seed SEED`, which keeps its results in a file of its own. Prints JSON: the first two records and the order of the rest.
"""

import json
import random
import sys

import numpy as np
import pandas as pd
from asreview.learner import ActiveLearningCycle
from asreview.models.models import get_ai_config
from asreview.models.queriers import TopDown
from asreview.models.stoppers import IsFittable, LastRelevant
from asreview.simulation.simulate import Simulate
from sklearn.utils import check_random_state

path, seed = sys.argv[1], int(sys.argv[2])
random.seed(seed)
np.random.seed(seed)
frame = pd.read_csv(path, keep_default_na=False)
labels = frame["included"].to_numpy()
cycles = [
    ActiveLearningCycle(querier=TopDown(), stopper=IsFittable()),
    ActiveLearningCycle.from_meta(get_ai_config("elas_u4")["value"]),
]
simulation = Simulate(frame, labels, cycles, stopper=LastRelevant(), print_progress=False)
first = [int(check_random_state(seed).choice(np.where(labels == label)[0], 1, replace=False)[0]) for label in (1, 0)]
for record in first:
    simulation.label([record])
simulation.review()
order = [int(record) for record in simulation._results["record_id"]][2:]
print(json.dumps({"first": first, "order": order}))
