"""The tables and cases, for the scripts that write references."""
import csv
from pathlib import Path

here = Path(__file__).parent


class Case:
    def __init__(self, line):
        self.name, table, self.target, features, *options = line.split()
        self.features = features.split(",")
        options = dict(option.split("=") for option in options)
        self.intercept = options.get("intercept") != "no"
        with open(here / table) as file:
            rows = list(csv.DictReader(file))
        self.weighted = "weights" in options
        if self.weighted:
            # Rows of weight zero have no part in anything.
            rows = [row for row in rows if float(row[options["weights"]]) > 0]
            self.weights = [float(row[options["weights"]]) for row in rows]
        else:
            self.weights = [1.0] * len(rows)
        self.x = [([1.0] if self.intercept else []) + [float(row[name]) for name in self.features] for row in rows]
        self.y = [float(row[self.target]) for row in rows]
        n = len(rows)
        lags = options.get("lags", "0")
        self.lags = int(4 * (n / 100) ** (2 / 9)) if lags == "auto" else int(lags)
        self.clusters = [[row[options[key]] for row in rows] for key in ("cluster", "cluster2") if key in options]


def cases():
    with open(here / "cases.txt") as file:
        return [Case(line) for line in file if line.strip() and not line.startswith("#")]
