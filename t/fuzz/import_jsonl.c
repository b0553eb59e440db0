
/*
 * Fuzzer: an export of jsonl, see import.h.
 */

#include "import.h"


FUZZ_READER(jsonl)
