
/*
 * What the files of this room share: tokens, and a text in blocks of runs.
 */

#ifndef SOCIAL_TOOL_HTML_STATE_H_INCLUDED
#define SOCIAL_TOOL_HTML_STATE_H_INCLUDED


#include "social_tool_html.h"


#define SOCIAL_TOOL_NONE  UINT32_MAX


/* tokens */

typedef enum {
    SOCIAL_TOOL_TEXT = 1,       /* `text`, with its references */
    SOCIAL_TOOL_OPEN,
    SOCIAL_TOOL_CLOSE
} social_tool_token_e;

typedef struct {
    social_tool_token_e  type;
    social_str_t         text;
    char                 name[SOCIAL_TOOL_HTML_NAME];   /* lower case, cut */
    social_str_t         href, alt;     /* href or src; as in the source */
} social_tool_token_t;

/* 0: that was all.  *p moves on */
int social_tool_html_next(const unsigned char **p, const unsigned char *end,
    social_tool_token_t *token);

/* moves *p behind the end tag of a raw text or of an element that is left out;
 * or to the end */
void social_tool_html_skip(const unsigned char **p, const unsigned char *end,
    const char *name);

/* appends text with its references replaced; control characters of references
 * become spaces */
void social_tool_html_decode(social_out_t *out, social_str_t text);


/*
 * A text: containers (quotes, lists, items) in a tree, blocks in order, and
 * runs in order.  A run has text in one style, in at most one link; a break is
 * a run without text.
 */

enum {
    SOCIAL_TOOL_QUOTE = 1,
    SOCIAL_TOOL_UL,
    SOCIAL_TOOL_OL,
    SOCIAL_TOOL_LI
};

enum {
    SOCIAL_TOOL_P = 1,
    SOCIAL_TOOL_PRE,
    SOCIAL_TOOL_RULE
};

enum {
    SOCIAL_TOOL_STRONG = 1,     /* styles of a run, bits */
    SOCIAL_TOOL_EM     = 2,
    SOCIAL_TOOL_CODE   = 4
};

typedef struct {
    uint32_t  parent;           /* SOCIAL_TOOL_NONE: none */
    uint8_t   kind, depth;      /* depth from 1 */
    uint8_t   alternate;        /* 1: next to another list of its kind */
    uint32_t  last;             /* the list in it that was read last */
    int64_t   start;            /* of an OL: of the next item; of an item: its
                                 * number */
} social_tool_box_t;

typedef struct {
    uint32_t  box;              /* SOCIAL_TOOL_NONE: none */
    uint32_t  run, nruns;
    uint8_t   kind;
} social_tool_block_t;

typedef struct {
    size_t    at, len;          /* in `text`; len 0: a line break */
    size_t    href, href_len;   /* in `hrefs`; len 0: no link */
    uint8_t   style;
} social_tool_run_t;

typedef struct {
    social_tool_box_t    *boxes;
    social_tool_block_t  *blocks;
    social_tool_run_t    *runs;
    size_t                nboxes, nblocks, nruns;
    social_out_t          text, hrefs;
    unsigned              failed:1;
} social_tool_text_t;

/* reads HTML; lost may be NULL */
void social_tool_text_read(social_tool_text_t *t, social_str_t html,
    social_tool_lost_t *lost);
void social_tool_text_free(social_tool_text_t *t);

/* makes addresses that stand for themselves text, and lists next to each other
 * different; cuts the newlines around a PRE */
void social_tool_text_tidy(social_tool_text_t *t);

/* the containers of a block, the outermost first; returns their number */
size_t social_tool_text_path(const social_tool_text_t *t,
    const social_tool_block_t *block, uint32_t path[SOCIAL_TOOL_HTML_DEPTH]);

/* the same bytes for the same text; styles: those that count */
void social_tool_text_print(const social_tool_text_t *t, social_out_t *out,
    unsigned styles);

/* notes a name once */
void social_tool_lost_name(char names[][SOCIAL_TOOL_HTML_NAME], size_t *n,
    const char *name);

/* styles: those that are written */
void social_tool_text_markdown(const social_tool_text_t *t, social_out_t *out,
    unsigned styles);
void social_tool_text_plain(const social_tool_text_t *t, social_out_t *out);

/* an address as it is written in Markdown: DECLINED: no link of the web */
int social_tool_html_href(social_out_t *out, social_str_t href);


#endif /* SOCIAL_TOOL_HTML_STATE_H_INCLUDED */
