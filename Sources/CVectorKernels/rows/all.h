// What every file of row losses includes inside its target section.
#ifndef LA_TARGET
#error "include all.h from a kernel file's target section"
#endif

#include "../softmax_row.h"
#include "../transpose.h"

#include "../softmax_loss.h"
#include "../softmax_narrow.h"
#include "../softmax_wide.h"

#include "block.h"
#include "shares.h"
#include "run.h"
#include "separable.h"
