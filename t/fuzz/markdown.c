
/*
 * Fuzzer: the text of a comment as HTML, in both formats.  Whatever was typed,
 * only the few tags of a comment come out, each closed where it may be; the
 * HTML stays within its limit, and the number of links is the one that is
 * counted.  The first byte chooses the format.
 */

#include "markdown_check.h"
#include "social_comment_html.h"
#include "social_text.h"

#include <stdlib.h>


#define fuzz_must(x)  do { if (!(x)) { abort(); } } while (0)


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t           len, links, counted;
    social_out_t     out;
    unsigned char   *text;
    social_format_e  format;

    if (size == 0) {
        return 0;
    }

    format = (*data & 1) ? SOCIAL_PLAIN : SOCIAL_MARKDOWN;
    text = malloc(size);                /* so that ASan sees the end */
    fuzz_must(text != NULL);
    memcpy(text, data + 1, size - 1);
    len = size - 1;

    /* half of the inputs are cleaned, as those of readers are */

    if ((*data & 2)
        && social_text_clean_text(text, len, text, &len) != SOCIAL_OK)
    {
        free(text);
        return 0;
    }

    social_comment_html(&out, format, text, len);
    fuzz_must(!out.failed);
    fuzz_must(out.len < SOCIAL_COMMENT_HTML_MAX(len)
              || !social_text_valid(text, len));

    counted = social_comment_html_links(format, text, len);
    social_out_bytes(&out, "", 1);
    fuzz_must(!out.failed);
    fuzz_must(check_html((char *) out.data, out.len - 1, &links) == NULL);

    /* a text that needs too much is shown without links */
    fuzz_must(links == counted || links == 0);

    social_out_free(&out);
    free(text);

    return 0;
}
