
/*
 * Style and script without what only people read: comments and indentation.
 * Pure, any thread.
 */

#ifndef SOCIAL_ASSET_COMPACT_H_INCLUDED
#define SOCIAL_ASSET_COMPACT_H_INCLUDED


#include "social.h"


/*
 * Copies text to out, which has room for text.len bytes, and returns how many
 * were written.  Leaves out blanks at the start of a line, empty lines, and
 * comments that begin a line: from slash and asterisk to asterisk and slash,
 * or, if `script` is set, from two slashes to the end of the line.  Does not
 * understand strings: none may contain a line break.
 */
size_t social_asset_compact(social_str_t text, int script, unsigned char *out);


#endif /* SOCIAL_ASSET_COMPACT_H_INCLUDED */
