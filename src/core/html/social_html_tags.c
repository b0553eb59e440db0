
/*
 * The HTML scanner's table of element names, and the lookup in it.  Owns no
 * state: constant data, any thread.
 */

#include <string.h>

#include "social_html_tags.h"


#define SOCIAL_HTML_TAG(id, name, flags)  { name, sizeof(name) - 1, flags },

const social_html_known_t  social_html_known[TAG_LAST] = {
    { "", 0, 0 },
    SOCIAL_HTML_TAGS(SOCIAL_HTML_TAG)
};


/* a letter's first row; a letter without names has the next letter's */

static const uint8_t  social_html_letter[27] = {
    TAG_A, TAG_B, TAG_CODE, TAG_DIV, TAG_EM, TAG_FIGURE, TAG_H1, TAG_H1,
    TAG_IMG, TAG_KEYGEN, TAG_KEYGEN, TAG_LI, TAG_META, TAG_NAV, TAG_OL, TAG_P,
    TAG_RUBY, TAG_RUBY, TAG_SPAN, TAG_TD, TAG_UL, TAG_VAR, TAG_WBR, TAG_XMP,
    TAG_LAST, TAG_LAST, TAG_LAST
};


social_html_tag_e
social_html_lookup(const unsigned char *name)
{
    unsigned  i, last, letter;

    letter = (unsigned) (name[0] - 'a');

    if (letter >= 26) {
        return TAG_OTHER;
    }

    last = social_html_letter[letter + 1];

    for (i = social_html_letter[letter]; i < last; i++) {
        if (memcmp(social_html_known[i].name, name, SOCIAL_HTML_NAME) == 0) {
            return (social_html_tag_e) i;
        }
    }

    return TAG_OTHER;
}
