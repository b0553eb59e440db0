
/*
 * Fills a new store, by SQL, with a large site's year: t/bench/status_load.c.
 */

#ifndef STATUS_LOAD_H_INCLUDED
#define STATUS_LOAD_H_INCLUDED


#include <stdint.h>


#define LOAD_VIEWS     274000   /* a day: 100 million in a year */
#define LOAD_COMMENTS  5000


/* 1 if the file is such a store, of that many articles until `now` */
int load_is(const char *file, int64_t articles, int64_t now);

/* file: a store without counts.  Ends the process if anything fails */
void load_store(const char *file, int64_t articles, int64_t days,
    int64_t now);


#endif /* STATUS_LOAD_H_INCLUDED */
