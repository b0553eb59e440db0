
/*
 * Fuzzer: an export of disqus, see import.h.
 */

#include "import.h"


FUZZ_READER(disqus)
