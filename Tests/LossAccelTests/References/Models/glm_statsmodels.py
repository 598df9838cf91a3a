"""What statsmodels makes of the problems in glm.json: writes glm-statsmodels.json beside this file.

    pip install statsmodels; python3 glm_statsmodels.py

Tests are z tests where the dispersion is 1, and t tests where it is estimated. Shares of trials go in as successes and failures. statsmodels' robust
covariances have the observed information where the others have the expected one: they are left out where these differ, which is with links
other than the canonical ones, where there are weights, and where columns nearly agree, since it inverts as they stand; its HC1 has no correction. Left
out are residuals that it has for successes in the place of shares, and its information criteria where the dispersion is estimated, which differ by
how it is estimated and counted, and all that depends on the null model where there are offsets, since it takes these for the model's own.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import statsmodels.api as sm

warnings.simplefilter("ignore")
folder = Path(__file__).parent
links = sm.families.links
LINKS = {
    "identity": links.Identity, "log": links.Log, "logit": links.Logit, "probit": links.Probit,
    "complementaryLogLog": links.CLogLog, "reciprocal": links.InversePower, "squareRoot": links.Sqrt,
    "inverseSquare": links.InverseSquared,
}
FAMILIES = {
    "gaussian": (sm.families.Gaussian, "identity"), "binomial": (sm.families.Binomial, "logit"),
    "poisson": (sm.families.Poisson, "log"), "gamma": (sm.families.Gamma, "reciprocal"),
    "inverse-gaussian": (sm.families.InverseGaussian, "inverseSquare"),
    "negative-binomial": (lambda link, p: sm.families.NegativeBinomial(link, alpha=1 / p), None),
    "tweedie": (lambda link, p: sm.families.Tweedie(link, var_power=p), None),
}


def of(case):
    make, canonical = FAMILIES[case["family"]]
    link = LINKS[case["link"]]()
    family = make(link, case["parameter"]) if canonical is None else make(link)
    x, y, w, offsets = (None if case[k] is None else np.array(case[k], float) for k in ("features", "targets", "weights", "offsets"))
    if case["intercept"]: x = np.column_stack([np.ones(len(x)), x])
    hasTrials = case["family"] == "binomial" and w is not None
    if hasTrials: y, w = np.column_stack([np.round(y * w), np.round((1 - y) * w)]), None
    estimated = case["family"] in ("gaussian", "gamma", "inverse-gaussian", "tweedie")
    model = sm.GLM(y, x, family=family, var_weights=w, offset=offsets)
    start = np.array(case["reference"]["coefficients"])

    def fit(**options): return model.fit(start_params=start, tol=1e-14, maxiter=100, use_t=estimated, **options)

    result = fit()
    intervals = result.conf_int(0.05)
    answer = {
        "name": case["name"], "coefficients": result.params, "standardErrors": result.bse, "statistics": result.tvalues,
        "pValues": result.pvalues, "lows": intervals[:, 0], "highs": intervals[:, 1], "dispersion": result.scale,
        "deviance": result.deviance, "pearson": result.pearson_chi2,
        "nullDeviance": result.null_deviance if offsets is None and case["intercept"] else None,
        "aic": None if estimated else result.aic, "bic": None if estimated else result.bic_llf,
        "responseResiduals": None if hasTrials else result.resid_response[:5], "devianceResiduals": result.resid_deviance[:5],
        "pearsonResiduals": result.resid_pearson[:5], 
        "workingResiduals": None if hasTrials else result.resid_working[:5],
        "means": result.fittedvalues[:5], "robust": None,
    }
    if case["link"] == canonical and case["weights"] is None and "nearly" not in case["name"]:
        clusters = {"groups": np.arange(len(y)) % 7}
        answer["robust"] = {
            "hc0": fit(cov_type="HC0").bse, "clustered": fit(cov_type="cluster", cov_kwds=clusters).bse,
        }
    return answer


def plain(value):
    if isinstance(value, dict): return {k: plain(v) for k, v in value.items()}
    return np.asarray(value).tolist() if value is not None and not isinstance(value, str) else value


def main():
    cases = json.loads((folder / "glm.json").read_text())
    # Its pseudo-inverse takes columns of very small units for none, and it clips means near 0 and 1.
    answers = [plain(of(case)) for case in cases if "2^300" not in case["name"] and "nearly apart" not in case["name"]]
    (folder / "glm-statsmodels.json").write_text(json.dumps(answers, indent=0, allow_nan=False).replace("\n", " ") + "\n")


main()
