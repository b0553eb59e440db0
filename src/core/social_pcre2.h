
/*
 * PCRE2 for bytes.  A header of its own, because it must be included with the
 * same width everywhere.
 */

#ifndef SOCIAL_PCRE2_H_INCLUDED
#define SOCIAL_PCRE2_H_INCLUDED


#define PCRE2_CODE_UNIT_WIDTH  8

#include <pcre2.h>


#endif /* SOCIAL_PCRE2_H_INCLUDED */
