// Included inside each target's namespace, once per target and kernel file; the files below therefore have no include guards.
#include "vector.h"
#include "exponential.h"
#include "logistic.h"
