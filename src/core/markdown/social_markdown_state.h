
/*
 * What the files of the Markdown room share.  Only they include it.
 */

#ifndef SOCIAL_MARKDOWN_STATE_H_INCLUDED
#define SOCIAL_MARKDOWN_STATE_H_INCLUDED


#include "social_link.h"
#include "social_markdown.h"


/* steps that a text may cost, beyond what is linear in md4c anyway */
#define SOCIAL_MARKDOWN_WORK(len)  ((uint64_t) (len) * 64 + 65536)


typedef struct {
    social_out_t         *out;
    const unsigned char  *text, *end;   /* the source */
    const unsigned char  *at;           /* md4c has come so far in it */

    /* what was typed since the last tag, with entities resolved: an address
     * comes in several pieces */
    social_out_t          run;

    unsigned              containers;   /* open ones in the source */
    unsigned              nested;       /* ... that are written */
    unsigned              spans;        /* the same of emphasis */
    unsigned              spans_written;
    unsigned              fresh:1;      /* at the beginning of a block */
    unsigned              costly:1;     /* work is used up */
    unsigned              base;         /* column of the block's text */
    unsigned              in_code:1;    /* in a block of code */
    unsigned              spaces;       /* of md4c, in front of its next text */

    /* links and images nest in the source, but not in HTML */
    unsigned              links_open;
    unsigned              written;      /* which of them is an <a>; 0: none */
    unsigned              angle;        /* which of them was in < and >, and is
                                         * no link; 0: none */
    const unsigned char  *maybe_angle;  /* its address in the source */
    size_t                written_at;   /* length of out behind <a> */
    social_out_t          address;
    social_link_t         link;         /* in address */

    size_t                links;
    uint64_t              work;         /* done so far */
} social_markdown_t;


/* social_markdown_text.c */

/* writes the run; call it before every tag */
void social_markdown_flush(social_markdown_t *m);

/* text of md4c, which may stand in the source: notes the place, and writes the
 * blanks in front of a block's first line if it is prose */
void social_markdown_see(social_markdown_t *m, const unsigned char *p,
    size_t len, int prose);

/* a piece of code.  md4c makes spaces of the tabs in front of a line: in a fence
 * they are written as they were typed */
void social_markdown_code(social_markdown_t *m, const unsigned char *p,
    size_t len);

/* a line break and the blanks in front of the next line */
void social_markdown_break(social_markdown_t *m);


/* social_markdown_link.c: an address of md4c in pieces; the arrays are those
 * of its MD_ATTRIBUTE */

void social_markdown_link_open(social_markdown_t *m, const void *href,
    size_t title);
void social_markdown_link_close(social_markdown_t *m);


/* social_markdown_entity.c: appends the character of "&name;" or "&#1;", in
 * UTF-8; an unknown one as it is */

void social_markdown_entity(social_out_t *out, const unsigned char *text,
    size_t len);


/* social_markdown_guard.c: the steps that md4c may need beyond linear ones */

uint64_t social_markdown_guard(const unsigned char *text, size_t len);


#endif /* SOCIAL_MARKDOWN_STATE_H_INCLUDED */
