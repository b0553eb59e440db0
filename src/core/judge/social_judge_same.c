
/*
 * Whether two texts are the same: letters count, but not their case, nor what
 * stands between the words.
 */

#include "social_judge_state.h"
#include "social_text.h"


#define SOCIAL_JUDGE_SAME_LEAST  30     /* letters; people say "thank you" more
                                         * than once */


uint64_t
social_judge_same(const unsigned char key[SOCIAL_SIPHASH_KEY],
    social_str_t text)
{
    size_t                n, letters;
    int32_t               c;
    uint64_t              hash;
    struct {
        uint64_t          hash;
        int32_t           part[14];
    } block;
    const unsigned char  *p, *end;

    hash = 0;
    n = 0;
    letters = 0;
    p = text.data;
    end = text.data + text.len;

    while (p < end) {
        c = social_text_next(&p, end);

        if (social_judge_class(c) == SOCIAL_JUDGE_GAP) {
            continue;
        }

        block.part[n++] = social_judge_small(c);
        letters++;

        if (n == social_nelts(block.part)) {
            block.hash = hash;
            hash = social_siphash(key, &block, sizeof(block));
            n = 0;
        }
    }

    if (letters < SOCIAL_JUDGE_SAME_LEAST) {
        return 0;
    }

    block.hash = hash;
    hash = social_siphash(key, &block,
                          sizeof(block.hash) + n * sizeof(block.part[0]));

    return hash ? hash : 1;
}
