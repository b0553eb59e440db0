
/*
 * Fuzzer: an export of commento, see import.h.
 */

#include "import.h"


FUZZ_READER(commento)
