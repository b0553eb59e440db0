
/*
 * Names that look alike, as in Unicode Technical Standard 39: case, accents,
 * white space and invisible characters are ignored, and letters of the Latin,
 * Greek and Cyrillic scripts are compared by what they look like.  Stricter
 * than the standard: i, l, 1 and | are one letter.
 *
 * Pure; any thread.
 */

#ifndef SOCIAL_CONFUSABLE_H_INCLUDED
#define SOCIAL_CONFUSABLE_H_INCLUDED


#include "social.h"


/* the skeleton of a name; a longer one is cut */

typedef struct {
    size_t         len;
    unsigned char  data[1024];
} social_confusable_t;


/* Two names look alike if they have one of these skeletons in common. */

typedef enum {
    SOCIAL_CONFUSABLE_LOOK = 0,     /* what it looks like */
    SOCIAL_CONFUSABLE_SMALL,        /* what its small letters look like */
    SOCIAL_CONFUSABLE_CAPITAL,      /* what its capital letters look like */
    SOCIAL_CONFUSABLES
} social_confusable_e;


void social_confusable_skeleton(social_str_t name, social_confusable_e how,
    social_confusable_t *out);

/* 1 if readers would take one name for the other; 0 if one has no visible
 * character */
int social_confusable_same(social_str_t a, social_str_t b);


#endif /* SOCIAL_CONFUSABLE_H_INCLUDED */
