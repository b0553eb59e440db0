
/*
 * Fuzzer: an export of wordpress, see import.h.
 */

#include "import.h"


FUZZ_READER(wordpress)
