// The system's CBLAS and LAPACKE, and OpenBLAS's own controls. No code: pkg-config supplies the paths and the -l flags,
// because the libraries' names differ between distributions.
#pragma once

#include <cblas.h>
#include <lapacke.h>
