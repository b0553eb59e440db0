
/*
 * Writes families of metrics.  For social_status_openmetrics.c, which has their
 * table; no other file may include it.
 */

#ifndef SOCIAL_STATUS_OPENMETRICS_WRITE_H_INCLUDED
#define SOCIAL_STATUS_OPENMETRICS_WRITE_H_INCLUDED


#include "social_status_formats.h"


#define SOCIAL_OPENMETRICS_LABELS  3        /* of a series, besides `site` */
#define SOCIAL_OPENMETRICS_SERIES  640      /* bytes of all labels of one */


typedef enum {
    SOCIAL_OPENMETRICS_COUNTER = 0,
    SOCIAL_OPENMETRICS_GAUGE,
    SOCIAL_OPENMETRICS_INFO,
    SOCIAL_OPENMETRICS_HISTOGRAM
} social_openmetrics_type_e;


/* of whom a family tells */

typedef enum {
    SOCIAL_OPENMETRICS_SITE = 0,
    SOCIAL_OPENMETRICS_SELF,        /* this machine: its name is a label, if
                                     * several share the store */
    SOCIAL_OPENMETRICS_NODES        /* these; there only if they do */
} social_openmetrics_of_e;


typedef struct {
    char      labels[SOCIAL_OPENMETRICS_SERIES];
    int64_t   value;
} social_openmetrics_series_t;


typedef struct social_openmetrics_family_s  social_openmetrics_family_t;


/* what is being written */

typedef struct {
    const social_openmetrics_t         *in;
    const social_openmetrics_family_t  *family;
    social_out_t                       *out;
    social_openmetrics_series_t        *series;     /* of the family */
    size_t                              n;
    size_t                              room;
    unsigned                            failed:1;
} social_openmetrics_writer_t;


/*
 * A family of series.  fill() adds them, or offset says which number of
 * social_openmetrics_t is the only one.  If kind is not 0, counters of that
 * kind are added as well: names are those of the words in a counter's label,
 * which has as many words as there are names.
 */

struct social_openmetrics_family_s {
    const char                 *name;       /* without _total and _info */
    social_openmetrics_type_e   type;
    const char                 *unit;       /* the end of the name, or NULL */
    const char                 *help;
    void                      (*fill)(social_openmetrics_writer_t *w);
    int                         kind;       /* social_count_e */
    const char                 *names[SOCIAL_OPENMETRICS_LABELS];
    size_t                      offset;     /* 0: none */
    social_openmetrics_of_e     of;
};


void social_openmetrics_write(social_openmetrics_writer_t *w,
    const social_openmetrics_family_t *family);

/* adds a series; the family has as many names as there are words, NULL: none */
void social_openmetrics_add(social_openmetrics_writer_t *w, const char *one,
    const char *two, const char *three, int64_t value);

/* 1: the family tells of this machine alone, and others share the store */
int social_openmetrics_own(const social_openmetrics_writer_t *w);

/* writes a sample at once: name and labels continue those of the family, a
 * label begins with a comma */
void social_openmetrics_sample(social_openmetrics_writer_t *w, const char *end,
    const char *labels, int64_t value);


#endif /* SOCIAL_STATUS_OPENMETRICS_WRITE_H_INCLUDED */
