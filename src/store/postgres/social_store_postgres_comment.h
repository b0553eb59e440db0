
/*
 * New comments while they are written: shared by the two files that do that;
 * no other file may include it.
 */

#ifndef SOCIAL_STORE_POSTGRES_COMMENT_H_INCLUDED
#define SOCIAL_STORE_POSTGRES_COMMENT_H_INCLUDED


#include "social_store_postgres_write.h"


#define SOCIAL_PG_NEW       256         /* comments that are written together */


/* what the database says about a new comment */

typedef struct {
    int64_t            article, since;
    char               key[SOCIAL_KEY_MAX + 1];
    social_rule_row_t  parent;
    int                has_parent;
    int                banned, has_approved, repeated;
    int64_t            person_known, person_weak;
    unsigned           is_known:1, is_weak:1;   /* the persons are */
    int64_t            twin, twin_state;
    int64_t            id, same;

    /* what the rules say */
    int64_t            person;
    social_str_t       reason;
    char               judged[SOCIAL_JUDGE_REASON];
    char               source[sizeof(((social_write_t *) 0)->source) + 1];
} social_pg_new_t;


/* social_store_postgres_comment_ask.c: asks for all that the rules must know of
 * n new comments, and takes the answers */
void social_pg_new_ask(social_pg_t *s, social_write_t **w, size_t n,
    social_pg_new_t *c);
void social_pg_new_take(social_pg_t *s, social_write_t **w, size_t n,
    social_pg_new_t *c);


#endif /* SOCIAL_STORE_POSTGRES_COMMENT_H_INCLUDED */
