
/*
 * What the files of this room share: a comment while its tokens are found, and
 * its traits.  Only they may include it.
 */

#ifndef SOCIAL_JUDGE_STATE_H_INCLUDED
#define SOCIAL_JUDGE_STATE_H_INCLUDED


#include "social_judge.h"


/* what a token is: part of what is hashed, never renumber */

typedef enum {
    SOCIAL_JUDGE_WORD = 1,      /* of the text, or of an address's path */
    SOCIAL_JUDGE_NAME,          /* of the name */
    SOCIAL_JUDGE_HOST,          /* of a link or of the website */
    SOCIAL_JUDGE_TRAIT,
    SOCIAL_JUDGE_SOURCE
} social_judge_kind_e;


typedef struct {
    social_judge_t       *judge;
    const unsigned char  *key;
} social_judge_reader_t;


/* adds a token, unless it is there or there are too many.  value is what is
 * hashed, word what it is called */
void social_judge_add(social_judge_reader_t *reader, social_judge_kind_e kind,
    social_str_t value, social_str_t word);

/* adds the traits of a comment */
void social_judge_traits(social_judge_reader_t *reader,
    const social_judge_comment_t *comment);

/* a character in its small form, as words are compared */
int32_t social_judge_small(int32_t c);

/* what a character is to the filter */

typedef enum {
    SOCIAL_JUDGE_GAP = 0,       /* between words */
    SOCIAL_JUDGE_LETTER,        /* or a digit, or an accent */
    SOCIAL_JUDGE_SIGN,          /* a word by itself: Han, Kana */
    SOCIAL_JUDGE_EMOJI
} social_judge_class_e;

social_judge_class_e social_judge_class(int32_t c);


#endif /* SOCIAL_JUDGE_STATE_H_INCLUDED */
