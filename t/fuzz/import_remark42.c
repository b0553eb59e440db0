
/*
 * Fuzzer: an export of remark42, see import.h.
 */

#include "import.h"


FUZZ_READER(remark42)
