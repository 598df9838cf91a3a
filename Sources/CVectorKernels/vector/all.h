// Included inside each target's namespace, once per target and kernel file; the files below therefore have no include guards.
#include "vector/vector.h"
#include "vector/exponential.h"
#include "vector/logistic.h"
