"""What statsmodels makes of the problems in multinomial.json that have neither ridge nor weights: writes multinomial-statsmodels.json.

    pip install statsmodels; python3 multinomial_statsmodels.py
"""

import json
from pathlib import Path

import numpy as np
import statsmodels.api as sm

folder = Path(__file__).parent


def main():
    answers = []
    for case in json.loads((folder / "multinomial.json").read_text()):
        if case["ridge"] or case["weights"] is not None: continue
        x = np.array(case["features"])
        if case["intercept"]: x = np.column_stack([np.ones(len(x)), x])
        model = sm.MNLogit(np.array(case["labels"]), x)
        start = np.array(case["reference"]["coefficients"])[:, 1:]
        result = model.fit(start_params=start.ravel("F"), method="newton", tol=1e-14, maxiter=100, disp=0)
        intervals = np.asarray(result.conf_int())
        answers.append({
            "name": case["name"],
            # A row for every class but the first.
            "coefficients": result.params.T.tolist(), "standardErrors": result.bse.T.tolist(),
            "statistics": result.tvalues.T.tolist(), "pValues": result.pvalues.T.tolist(),
            "lows": intervals[..., 0].tolist(), "highs": intervals[..., 1].tolist(),
            "logLikelihood": result.llf, "aic": result.aic, "bic": result.bic, "pseudoRSquared": result.prsquared,
            "nullLogLikelihood": result.llnull if case["intercept"] else None,
            "covariance": np.asarray(result.cov_params()).tolist(),
        })
    (folder / "multinomial-statsmodels.json").write_text(json.dumps(answers, indent=0, allow_nan=False).replace("\n", " ") + "\n")


main()
