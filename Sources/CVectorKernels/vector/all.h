// Included inside each target's namespace, once per target and kernel file; the files below therefore have no include
// guards.
#include "vector.h"

#include "exact.h"
#include "polynomial.h"
#include "quotient.h"

#include "exponential.h"
#include "logarithm.h"
#include "logistic.h"
#include "hyperbolic.h"
#include "exponential_ratio.h"
#include "power.h"
#include "trigonometric.h"
#include "normal.h"
#include "gamma.h"
