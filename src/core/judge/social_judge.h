
/*
 * The filter that learns from the moderator: naive Bayes over the tokens of a
 * comment.  A token is a word of the text, of the name or of an address; the
 * host of a link; a trait such as "3 links"; where the reader came from.
 *
 * Who keeps the counts is the store's business: of each token a hash, how many
 * comments with it were marked as spam, and how many were honest.  Counts are
 * plain sums: those of two machines with one secret may be added.  All numbers
 * are integers, so that every machine comes to the same end.
 *
 * A comment has the same tokens for ever, or what it taught could not be taken
 * back: who changes what social_judge_read() finds writes a migration that
 * empties the counts.
 *
 * Pure; any thread; time linear in the length of the comment.
 */

#ifndef SOCIAL_JUDGE_H_INCLUDED
#define SOCIAL_JUDGE_H_INCLUDED


#include "social.h"
#include "social_comment_list.h"
#include "social_siphash.h"


#define SOCIAL_JUDGE_TOKENS  160    /* of a comment; further ones are left
                                     * out */
#define SOCIAL_JUDGE_LEAST   20     /* decisions of each kind, until then
                                     * nothing is judged */
#define SOCIAL_JUDGE_REASON  256    /* bytes of a reason, with its NUL */

/* how each reason begins; a list of words and traits follows */
#define SOCIAL_JUDGE_LIKE    "like what you marked as spam"


typedef struct {
    social_str_t     name, website, text;
    social_str_t     source;        /* where the reader came from, or none */
    social_format_e  format;        /* of the text */
} social_judge_comment_t;


typedef struct {
    uint64_t      hash;
    social_str_t  word;         /* what it is called: of the comment, or a
                                 * trait's name; len 0: never named */
    int64_t       spam, honest;     /* comments; the caller fills them in */
} social_judge_token_t;


typedef struct {
    size_t                n;
    social_judge_token_t  tokens[SOCIAL_JUDGE_TOKENS];
} social_judge_t;


/*
 * Finds the tokens of a comment, each once.  The hashes of traits, of which
 * there are few, end with 16 zero bits.  Words point into the comment.
 */
void social_judge_read(social_judge_t *judge,
    const unsigned char key[SOCIAL_SIPHASH_KEY],
    const social_judge_comment_t *comment);

/*
 * 1 if the comment, with its tokens' counts, is like those that were marked as
 * spam; then reason is "like what you marked as spam: casino, best, 3 links".
 * spam and honest: how many comments were decided on in all.
 */
int social_judge(const social_judge_t *judge, int64_t spam, int64_t honest,
    char reason[SOCIAL_JUDGE_REASON]);

/* a hash of the letters and digits of a text, whatever their case and what is
 * between them; 0: too few to call another text the same */
uint64_t social_judge_same(const unsigned char key[SOCIAL_SIPHASH_KEY],
    social_str_t text);


#endif /* SOCIAL_JUDGE_H_INCLUDED */
