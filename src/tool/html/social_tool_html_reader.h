
/*
 * What is being read: the state of a reader, and what tags and text do to it.
 */

#ifndef SOCIAL_TOOL_HTML_READER_H_INCLUDED
#define SOCIAL_TOOL_HTML_READER_H_INCLUDED


#include "social_tool_html_state.h"


typedef struct {
    social_tool_text_t   *t;
    social_tool_lost_t   *lost;
    social_out_t          scratch;
    uint32_t              box;          /* open container */
    uint32_t              below;        /* containers that are too deep */
    uint32_t              strong, em, code;
    size_t                href, href_len;
    size_t                newlines;     /* in front of what comes */
    unsigned              spaces:1;     /* the same */
    unsigned              in_block:1;
    unsigned              in_pre:1;
    unsigned              heading:1;
    unsigned              new_code:1;   /* another <code> has begun */
} social_tool_reader_t;


void social_tool_reader_lose(social_tool_reader_t *r, const char *name);
void social_tool_reader_end(social_tool_reader_t *r);
void social_tool_reader_open_box(social_tool_reader_t *r, uint8_t kind,
    int64_t start);
void social_tool_reader_close_box(social_tool_reader_t *r, uint8_t kind);
void social_tool_reader_item(social_tool_reader_t *r);
int social_tool_reader_block(social_tool_reader_t *r, uint8_t kind);
void social_tool_reader_put(social_tool_reader_t *r, const void *data,
    size_t len, unsigned style, size_t href, size_t href_len);
void social_tool_reader_text(social_tool_reader_t *r, social_str_t text);
void social_tool_reader_break(social_tool_reader_t *r);
void social_tool_reader_link(social_tool_reader_t *r, const char *name,
    social_str_t href);
void social_tool_reader_image(social_tool_reader_t *r,
    const social_tool_token_t *token);


#endif /* SOCIAL_TOOL_HTML_READER_H_INCLUDED */
