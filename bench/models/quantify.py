"""PACC and EMQ as QuaPy computes them, on inputs that bench-models writes: one JSON line a case.

usage: quantify.py CASES.jsonl > ANSWERS.jsonl
"""
import functools
import json
import sys
import warnings

import numpy as np
import scipy.optimize
from quapy import functional
from quapy.method.aggregative import ACC, EMQ, PACC

# QuaPy leaves SciPy's tolerance at 1e-6, which is as far as the answers are compared to: its own is made finer.
scipy.optimize.minimize = functools.partial(scipy.optimize.minimize, options={"ftol": 1e-15, "maxiter": 2000})
warnings.filterwarnings("ignore")


def pacc(case, solver):
    classes = np.arange(len(case["prior"]))
    truth, soft = np.array(case["truth"]), np.array(case["known"])
    rates = PACC.getPteCondEstim(classes, truth, soft)
    seen = np.array(case["sample"]).mean(axis=0)
    try:
        raw = ACC.solve_adjustment(class_conditional_rates=rates, unadjusted_counts=seen, method="inversion", solver=solver)
    except np.linalg.LinAlgError:
        return None
    return raw.tolist(), functional.normalize_prevalence(raw, method="clip").tolist()


with open(sys.argv[1]) as lines:
    for line in lines:
        case = json.loads(line)
        exact, minimum = pacc(case, "exact-raise"), pacc(case, "minimize")
        emq, _ = EMQ.EM(np.array(case["prior"]), np.array(case["sample"]), epsilon=1e-9)
        print(json.dumps({"raw": exact and exact[0], "exact": exact and exact[1], "minimize": minimum[1], "emq": emq.tolist()}))
