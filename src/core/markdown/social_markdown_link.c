
/*
 * Links that somebody marked as such: [text](address), <address>, and images,
 * which become links.  Any thread.
 */

#include "social_markdown_state.h"

#include <md4c.h>
#include <string.h>


/* the address with its entities resolved */

static void
social_markdown_link_read(social_markdown_t *m, const MD_ATTRIBUTE *href)
{
    size_t                i, from, len;
    const unsigned char  *p;

    for (i = 0; href->size && href->substr_offsets[i] < href->size; i++) {
        from = href->substr_offsets[i];
        len = href->substr_offsets[i + 1] - from;
        p = (const unsigned char *) href->text + from;

        if (href->substr_types[i] == MD_TEXT_ENTITY) {
            social_markdown_entity(&m->address, p, len);

        } else {
            social_out_bytes(&m->address, p, len);
        }
    }
}


/* code such as map<std::string> looks like an address with the scheme "std":
 * then < and > must not get lost */

static int
social_markdown_link_is_angle(const social_markdown_t *m,
    const unsigned char *p, size_t len)
{
    return p > m->text && p < m->end && len < (size_t) (m->end - p)
           && p[-1] == '<' && p[len] == '>';
}


void
social_markdown_link_open(social_markdown_t *m, const void *detail,
    size_t title)
{
    const MD_ATTRIBUTE   *href = detail;
    const unsigned char  *p;

    m->links_open++;
    m->maybe_angle = NULL;
    m->work += href->size + title;

    if (m->work > SOCIAL_MARKDOWN_WORK(m->end - m->text)) {
        m->costly = 1;
        return;
    }

    if (m->written) {
        return;
    }

    m->address.len = 0;

    if (href->size <= SOCIAL_LINK_MAX) {
        social_markdown_link_read(m, href);
    }

    if (!m->address.failed
        && social_link_parse(m->address.data, m->address.len, &m->link)
               == SOCIAL_OK)
    {
        social_markdown_flush(m);
        social_link_open(m->out, &m->link);

        m->links++;
        m->written = m->links_open;
        m->written_at = m->out->len;
        return;
    }

    p = (const unsigned char *) href->text;

    if (m->angle == 0 && social_markdown_link_is_angle(m, p, href->size)) {
        m->maybe_angle = p;
    }
}


void
social_markdown_link_close(social_markdown_t *m)
{
    if (m->written == m->links_open) {
        social_markdown_flush(m);

        if (m->out->len == m->written_at) {
            social_out_html(m->out, m->link.start,
                            (size_t) (m->link.end - m->link.start));
        }

        social_out_text(m->out, "</a>");
        m->written = 0;

    } else if (m->angle == m->links_open) {
        social_out_bytes(&m->run, ">", 1);
        m->angle = 0;
    }

    m->links_open--;
}
