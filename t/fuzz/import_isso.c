
/*
 * Fuzzer: a database of isso, see import.h.
 */

#include "import.h"


FUZZ_READER(isso)
