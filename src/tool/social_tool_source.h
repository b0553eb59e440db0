
/*
 * Bytes of files that the program reads, and how far it has come.
 */

#ifndef SOCIAL_TOOL_SOURCE_H_INCLUDED
#define SOCIAL_TOOL_SOURCE_H_INCLUDED


#include "social.h"


typedef struct social_tool_source_s  social_tool_source_t;

/* "-": standard input.  Recognises gzip.  NULL after a message */
social_tool_source_t *social_tool_source_open(const char *path);
void social_tool_source_close(social_tool_source_t *source);

/* bytes that were read, 0: the end, -1: damaged, or cut off, after a message */
long social_tool_source_read(social_tool_source_t *source, void *buf,
    size_t size);

/* a bar on a terminal: how much was read, or written; total 0: it is done */
void social_tool_progress(const char *what, int64_t done, int64_t total);
void social_tool_source_progress(social_tool_source_t *source);


#endif /* SOCIAL_TOOL_SOURCE_H_INCLUDED */
