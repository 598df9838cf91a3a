// Part of CVectorKernels: where least squares on narrow matrices begins to do better another way.
#ifndef LA_NARROW_ROWS_H
#define LA_NARROW_ROWS_H

// Matrices of up to so many columns are turned into vectors of eight rows each; of wider ones a vector lies along a row.
#define LA_MOST_NARROW 32

#endif
