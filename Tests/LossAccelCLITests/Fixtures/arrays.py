"""Writes the small NumPy files that NpyTests reads: one array in every type and layout, and some that must be refused."""
from pathlib import Path

import numpy as np
from numpy.lib import format

here = Path(__file__).parent
table = np.array([[0, 1, 2], [3, 100, 127]])

for code in ["f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
    np.save(here / f"{code}.npy", table.astype(code))
np.save(here / "b1.npy", table.astype(bool))
np.save(here / "list.npy", table.astype("f8")[1])
np.save(here / "column.npy", table.astype("f8")[1][:, None])
np.save(here / "fortran.npy", np.asfortranarray(table.astype("f8")))
np.save(here / "big_endian.npy", table.astype(">f8"))
np.save(here / "big_endian_i2.npy", table.astype(">i2"))
for version in [(1, 0), (2, 0), (3, 0)]:
    with open(here / f"version{version[0]}.npy", "wb") as out:
        format.write_array(out, table.astype("f8"), version=version)

np.save(here / "scalar.npy", np.array(1.0))
np.save(here / "cube.npy", np.zeros((2, 2, 2)))
np.save(here / "complex.npy", table.astype("c8"))
np.save(here / "record.npy", np.zeros(2, dtype=[("a", "f8"), ("b", "i4")]))
np.save(here / "empty.npy", np.zeros((0, 3)))
whole = (here / "f8.npy").read_bytes()
(here / "cut_data.npy").write_bytes(whole[:-5])
(here / "cut_header.npy").write_bytes(whole[:40])
(here / "version9.npy").write_bytes(whole[:6] + b"\x09" + whole[7:])
(here / "huge.npy").write_bytes(whole.replace(b"(2, 3), }" + b" " * 40, b"(4611686018427387904, 3), }" + b" " * 22))
(here / "large.npy").write_bytes(whole.replace(b"(2, 3), }" + b" " * 20, b"(1099511627776, 3), }" + b" " * 8))
