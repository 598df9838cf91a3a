"""Writes statsmodels.txt: what statsmodels 0.15.0 says about the cases. Run: python3 with_statsmodels.py"""
import numpy as np
import statsmodels.api as sm
from statsmodels.stats.outliers_influence import OLSInfluence
from statsmodels.stats.stattools import durbin_watson, jarque_bera, omni_normtest

from common import cases, here

lines = []
for case in cases():
    def put(key, values):
        lines.append(" ".join([case.name, key] + [repr(float(v)) for v in np.atleast_1d(values).ravel()]))

    x, y = np.array(case.x), np.array(case.y)
    n, k = x.shape
    model = sm.WLS(y, x, weights=np.array(case.weights)) if case.weighted else sm.OLS(y, x)
    fit = model.fit(method="qr")
    put("estimate", fit.params)
    put("se.classical", fit.bse)
    put("p.classical", fit.pvalues)
    put("r2", fit.rsquared)
    put("f.classical", fit.fvalue)
    put("loglik", fit.llf)
    # Ours, as R's, count σ as a parameter.
    put("aic", fit.aic + 2)
    put("bic", fit.bic + np.log(n))
    for kind in ("HC0", "HC1", "HC2", "HC3"):
        robust = model.fit(method="qr", cov_type=kind, use_t=True)
        put("se." + kind.lower(), robust.bse)
        put("p." + kind.lower(), robust.pvalues)
        put("f." + kind.lower(), robust.fvalue)
    put("se.nw", model.fit(method="qr", cov_type="HAC", cov_kwds={"maxlags": case.lags}).bse)
    if case.clusters:
        labels = [np.unique(c, return_inverse=True)[1] for c in case.clusters]
        robust = model.fit(method="qr", cov_type="cluster", cov_kwds={"groups": labels[0]}, use_t=True)
        put("se.cluster", robust.bse)
        put("p.cluster", robust.pvalues)
        if len(labels) == 2:
            both = model.fit(method="qr", cov_type="cluster", cov_kwds={"groups": np.column_stack(labels)})
            put("covariance.cluster2", both.cov_params())
    put("dw", durbin_watson(fit.wresid))
    jb = jarque_bera(fit.wresid)
    put("jb", jb[:2])
    put("skewness", jb[2])
    put("kurtosis", jb[3])
    put("omnibus", omni_normtest(fit.wresid)[0])
    if not case.weighted:
        influence = OLSInfluence(fit)
        put("hat", influence.hat_matrix_diag)
        put("rstandard", influence.resid_studentized_internal)
        put("rstudent", influence.resid_studentized_external)
        put("cooks", influence.cooks_distance[0])
        put("dffits", influence.dffits[0])
        put("dfbetas", influence.dfbetas)
        put("press", (influence.resid_press**2).sum())
(here / "statsmodels.txt").write_text("\n".join(lines) + "\n")
