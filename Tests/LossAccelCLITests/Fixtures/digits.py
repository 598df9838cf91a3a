"""Writes digits.csv beside this file: 1797 handwritten digits of 8 × 8 pixels, as scikit-learn ships them.

    pip install scikit-learn; python3 digits.py

64 pixel counts of 0 to 16, row after row of the picture, then the digit; no header. Source: E. Alpaydin and C. Kaynak, Optical Recognition
of Handwritten Digits, UCI Machine Learning Repository 1998 (CC BY 4.0), its test set.
"""

import gzip
from pathlib import Path

import sklearn

data = Path(sklearn.__file__).parent / "datasets" / "data" / "digits.csv.gz"
Path(__file__).with_suffix(".csv").write_bytes(gzip.decompress(data.read_bytes()))
