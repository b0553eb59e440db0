
/*
 * Precomputed sums of the usual periods, as far as they are the same in every
 * backend: which windows there are, how a row of one is packed, and which rows
 * a period is read from.  A row has the numbers of a chunk of articles in
 * [start, until); see social_store_window.c.  Pure; any thread.
 */

#ifndef SOCIAL_STORE_WINDOW_H_INCLUDED
#define SOCIAL_STORE_WINDOW_H_INCLUDED


#include "social_store_rules.h"


#define SOCIAL_WINDOWS         6        /* counted from 1; 0: none */
#define SOCIAL_WINDOW_CHUNK    128      /* articles in a row */
#define SOCIAL_WINDOW_NUMBERS  (SOCIAL_WINDOW_CHUNK * SOCIAL_COUNT_UNLABELLED)
#define SOCIAL_WINDOW_ID(window, chunk)  ((int64_t) (window) << 32 | (chunk))

/* bytes of a packed row, at most: a mask of kinds and numbers of 10 bytes */
#define SOCIAL_WINDOW_PACKED                                                  \
    (SOCIAL_WINDOW_CHUNK * (3 + SOCIAL_COUNT_UNLABELLED * 10))


typedef struct {
    int64_t  start, until;              /* the same: nothing */
} social_window_ends_t;

/* value: of the article's counters of a kind without label, to be added */
typedef void (*social_window_number_pt)(void *data, int64_t article, int kind,
    int64_t value);


/* where the sums of a window shall begin and end at `now`.  margin: seconds
 * before now that are left to come; kept: as in social_span_bound().  DECLINED:
 * nothing is between */
int social_window_ends(int64_t window, int64_t now, int64_t margin,
    const int64_t *kept, social_window_ends_t *ends);

/* 1: spans that begin at both ends are kept, so that others can be added */
int social_window_is_usable(const social_window_ends_t *w, const int64_t *kept);

/* 1: moving a sum from one place to another reads less than adding it up */
int social_window_can_move(const social_window_ends_t *from,
    const social_window_ends_t *to);

/* the window that is nearest to [from, to), 0: none is nearer than nothing.
 * windows: SOCIAL_WINDOWS of them */
int64_t social_window_nearest(const social_window_ends_t *windows, int64_t from,
    int64_t to);


/* packs SOCIAL_WINDOW_NUMBERS numbers, by article and kind, into at most
 * SOCIAL_WINDOW_PACKED bytes; returns how many */
size_t social_window_pack(const int64_t *numbers, unsigned char *p);

/* calls add for each number that is not 0; first: the first article.  DECLINED:
 * the row is damaged, and some calls were made */
int social_window_unpack(const unsigned char *p, size_t len, int64_t first,
    social_window_number_pt add, void *data);

/* as add, with SOCIAL_WINDOW_NUMBERS numbers as data; other kinds are none of a
 * row's */
void social_window_add(void *data, int64_t article, int kind, int64_t value);


/*
 * Runs of articles whose rows have the same ends.  handler: of the articles
 * [first, last), whose rows are of `ends`; of nothing: they have no row that
 * can be used.  Rows are told in the order of chunks; end() tells the rest, to
 * the last article.
 */
typedef void (*social_window_run_pt)(void *data, int64_t first, int64_t last,
    const social_window_ends_t *ends);

typedef struct {
    int64_t               first, next;    /* chunks; next: last + 1 */
    social_window_ends_t  ends;
    social_window_run_pt  handler;
    void                 *data;
} social_window_runs_t;

void social_window_runs_init(social_window_runs_t *runs,
    social_window_run_pt handler, void *data);
void social_window_runs_row(social_window_runs_t *runs, int64_t chunk,
    const social_window_ends_t *ends);
void social_window_runs_end(social_window_runs_t *runs);


/* the article of a row number, which is often near that of *at, the place found
 * last; NULL: there is none.  Articles are in the order of row numbers */
social_article_t *social_window_article(social_article_t *articles, size_t n,
    size_t *at, int64_t id);


#endif /* SOCIAL_STORE_WINDOW_H_INCLUDED */
