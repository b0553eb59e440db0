
/*
 * Comments in Markdown as HTML, for t/commonmark.t: texts on standard input,
 * each with a NUL behind it; the same of HTML on standard output.  Ends with
 * exit code 1 at HTML that no comment may have.
 */

#include "markdown_check.h"
#include "social_comment_html.h"

#include <stdio.h>
#include <stdlib.h>


#define SIZE  (4 * 1024 * 1024)


static int
show(const unsigned char *text, size_t len)
{
    int           bad;
    size_t        links;
    social_out_t  out;

    social_comment_html(&out, SOCIAL_MARKDOWN, text, len);
    social_out_bytes(&out, "", 1);

    bad = out.failed
          || check_html((char *) out.data, out.len - 1, &links) != NULL;

    if (bad) {
        fprintf(stderr, "not safe: %s\nof: %s\n", out.data, text);

    } else {
        fwrite(out.data, 1, out.len, stdout);
    }

    social_out_free(&out);

    return bad;
}


int
main(void)
{
    char        *text, *p;
    size_t       n, len;
    int          bad;

    text = malloc(SIZE);
    if (text == NULL) {
        return 2;
    }

    n = fread(text, 1, SIZE, stdin);
    bad = 0;

    for (p = text; p < text + n; p += len + 1) {
        len = strnlen(p, (size_t) (text + n - p));
        bad |= show((unsigned char *) p, len);
    }

    free(text);

    return bad;
}
