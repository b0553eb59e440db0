
/*
 * Fuzzer: HTML of other systems as Markdown.  What is stored as Markdown shows
 * no more than the tags of a comment, and the text stays within its room.
 */

#include "import.h"
#include "markdown_check.h"
#include "social_comment_html.h"
#include "social_text.h"
#include "social_tool_html.h"


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    social_out_t         out, clean, html;
    social_str_t         text;
    social_format_e      format;
    social_tool_lost_t   lost;

    memset(&lost, 0, sizeof(lost));
    text.data = data;
    text.len = size;

    social_out_init(&clean, size * 3 + 16);
    social_tool_field_clean(&clean, text, NULL);
    text.data = clean.data;
    text.len = clean.len;

    format = social_tool_html(&out, text, &lost);

    if (lost.failed || out.failed
        || !social_text_valid(out.data, out.len))
    {
        abort();
    }

    social_comment_html(&html, format, out.data, out.len);

    if (html.failed) {
        abort();
    }

    social_out_free(&html);
    social_out_free(&out);
    social_out_free(&clean);

    return 0;
}
