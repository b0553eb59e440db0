
/*
 * The tables of social_source.c; no other file may include it.  Each ends with
 * a row of NULLs.
 */

#ifndef SOCIAL_SOURCE_TABLE_H_INCLUDED
#define SOCIAL_SOURCE_TABLE_H_INCLUDED


#include "social_source.h"


typedef struct {
    const char  *text;
    const char  *source;        /* id of the source */
} social_source_row_t;


extern const social_source_t      social_sources[];
extern const social_source_row_t  social_source_hosts[];
extern const size_t               social_source_nhosts;
extern const social_source_row_t  social_source_names[];
extern const social_source_row_t  social_source_apps[];


#endif /* SOCIAL_SOURCE_TABLE_H_INCLUDED */
