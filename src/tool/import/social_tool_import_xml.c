
/*
 * Feeds expat, and mends what it would refuse and old exports have: control
 * bytes and wrong UTF-8.  Memory is bounded: by the longest field, which is
 * cut, and by the longest tag, which is refused.
 */

#include <expat.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "social_text.h"
#include "social_tool_import_xml.h"


#define SOCIAL_TOOL_XML_DEPTH  32
#define SOCIAL_TOOL_XML_BLOCK  32768
#define SOCIAL_TOOL_XML_TAG    (1 << 20)    /* bytes of a tag */
#define SOCIAL_TOOL_XML_NAME   256


struct social_tool_xml_s {
    const social_tool_xml_format_t  *format;
    void                            *data;
    XML_Parser                       parser;
    const char                      *path;
    const char                      *wrong;     /* why it was stopped */
    social_out_t                     text[SOCIAL_TOOL_XML_DEPTH];
    size_t                           depth;
    int64_t                          line;      /* of `wrong` */
    int64_t                          fed, seen; /* bytes: given, and handled */
    unsigned char                    tail[4];   /* of UTF-8 */
    size_t                           ntail;
    unsigned                         utf8:1;    /* its bytes are mended */
    unsigned                         known:1;   /* utf8 is decided */
};


int64_t
social_tool_xml_line(const social_tool_xml_t *xml)
{
    return (int64_t) XML_GetCurrentLineNumber(xml->parser);
}


size_t
social_tool_xml_depth(const social_tool_xml_t *xml)
{
    return xml->depth;
}


static void
social_tool_xml_stop(social_tool_xml_t *xml, const char *why)
{
    if (xml->wrong == NULL) {
        xml->wrong = why;
        xml->line = social_tool_xml_line(xml);
        (void) XML_StopParser(xml->parser, XML_FALSE);
    }
}


static void
social_tool_xml_seen(social_tool_xml_t *xml)
{
    xml->seen = xml->fed;
}


/* "space name" in parts; the buffer holds both */

static const char *
social_tool_xml_name(const char *full, char space[SOCIAL_TOOL_XML_NAME])
{
    size_t       len;
    const char  *name;

    name = strrchr(full, ' ');
    len = name ? (size_t) (name - full) : 0;
    len = len < SOCIAL_TOOL_XML_NAME ? len : SOCIAL_TOOL_XML_NAME - 1;

    memcpy(space, full, len);
    space[len] = '\0';

    return name ? name + 1 : full;
}


static void
social_tool_xml_open(void *data, const XML_Char *full, const XML_Char **attrs)
{
    char                space[SOCIAL_TOOL_XML_NAME];
    const char         *name, *attr;
    social_str_t        id;
    social_tool_xml_t  *xml = data;

    if (xml->wrong) {
        return;
    }

    social_tool_xml_seen(xml);
    id.data = (const unsigned char *) "";
    id.len = 0;

    for ( /* void */ ; attrs[0] != NULL; attrs += 2) {
        attr = strrchr(attrs[0], ' ');
        attr = attr ? attr + 1 : attrs[0];

        if (strcmp(attr, "id") == 0) {
            id.data = (const unsigned char *) attrs[1];
            id.len = strlen(attrs[1]);
        }
    }

    name = social_tool_xml_name(full, space);

    if (xml->depth == 0 && strcmp(name, xml->format->root) != 0) {
        social_tool_xml_stop(xml, "it does not begin as one");
        return;
    }

    if (xml->depth == SOCIAL_TOOL_XML_DEPTH) {
        social_tool_xml_stop(xml, "elements are nested too deep");
        return;
    }

    xml->text[xml->depth++].len = 0;
    xml->format->open(xml->data, xml, name, space, id);
}


static void
social_tool_xml_close(void *data, const XML_Char *full)
{
    char                space[SOCIAL_TOOL_XML_NAME];
    const char         *name;
    social_str_t        text;
    social_tool_xml_t  *xml = data;

    if (xml->wrong || xml->depth == 0) {
        return;
    }

    social_tool_xml_seen(xml);
    name = social_tool_xml_name(full, space);

    text.data = xml->text[xml->depth - 1].data;
    text.len = xml->text[xml->depth - 1].len;

    xml->format->close(xml->data, xml, name, space, text);
    xml->depth--;
}


static void
social_tool_xml_text(void *data, const XML_Char *text, int len)
{
    size_t              n;
    social_out_t       *out;
    social_tool_xml_t  *xml = data;

    social_tool_xml_seen(xml);

    if (xml->depth == 0 || xml->wrong) {
        return;
    }

    /* the rest of what is too long is not kept */

    out = &xml->text[xml->depth - 1];
    n = SOCIAL_TOOL_FIELD - out->len;
    social_out_bytes(out, text, (size_t) len < n ? (size_t) len : n);

    if (out->failed) {
        social_tool_xml_stop(xml, "no memory");
    }
}


static void
social_tool_xml_other(void *data, const XML_Char *text, int len)
{
    social_tool_xml_seen(data);
}


static void
social_tool_xml_entity(void *data, const XML_Char *name, int parameter,
    const XML_Char *value, int len, const XML_Char *base,
    const XML_Char *system, const XML_Char *public, const XML_Char *notation)
{
    social_tool_xml_stop(data, "it declares an entity, which no export does");
}


/* an 8-bit encoding that expat does not know */

static int
social_tool_xml_encoding(void *data, const XML_Char *name, XML_Encoding *info)
{
    int       i, good;
    char      byte, *from;
    char     *to;
    size_t    nfrom, nto;
    int32_t   c;
    iconv_t   cd;

    cd = iconv_open("UTF-32LE", name);

    if (cd == (iconv_t) -1) {
        return XML_STATUS_ERROR;
    }

    for (i = 0, good = 0; i < 256; i++) {
        byte = (char) i;
        from = &byte;
        nfrom = 1;
        to = (char *) &c;
        nto = sizeof(c);
        c = -1;

        (void) iconv(cd, NULL, NULL, NULL, NULL);

        if (iconv(cd, &from, &nfrom, &to, &nto) == (size_t) -1 || nto != 0) {
            c = -1;
        }

        info->map[i] = c;
        good += (i >= 0x80 && c >= 0);
    }

    (void) iconv_close(cd);
    info->data = NULL;
    info->convert = NULL;
    info->release = NULL;

    return good > 32 ? XML_STATUS_OK : XML_STATUS_ERROR;
}


/* by the first bytes: is it UTF-8, so that its bytes may be mended? */

static void
social_tool_xml_look(social_tool_xml_t *xml, const unsigned char *p, size_t n)
{
    const unsigned char  *end, *at;

    n = n < 200 ? n : 200;
    end = memchr(p, '>', n);
    n = end ? (size_t) (end - p) : n;
    at = memmem(p, n, "encoding=", 9);

    xml->known = 1;
    xml->utf8 = (n < 2 || p[0] < 0xfe)
                && (at == NULL || (at + 15 <= p + n
                                   && strncasecmp((const char *) at + 10, "utf",
                                                  3) == 0
                                   && memchr(at + 10, '8', 5) != NULL));
}


/* expat's verdict */

static social_tool_exit_e
social_tool_xml_wrong(social_tool_xml_t *xml)
{
    int              cut;
    enum XML_Error   error;

    error = XML_GetErrorCode(xml->parser);
    cut = error == XML_ERROR_NO_ELEMENTS
          || error == XML_ERROR_UNCLOSED_TOKEN
          || error == XML_ERROR_UNCLOSED_CDATA_SECTION
          || error == XML_ERROR_PARTIAL_CHAR;

    return social_tool_fail(
        SOCIAL_TOOL_INPUT, "\"%s\", line %lld: not %s: %s", xml->path,
        (long long) (xml->wrong ? xml->line : social_tool_xml_line(xml)),
        xml->format->what, xml->wrong ? xml->wrong
        : cut ? "the file is cut off" : XML_ErrorString(error));
}


static int
social_tool_xml_feed(social_tool_xml_t *xml, const unsigned char *p, size_t n,
    int last)
{
    xml->fed += (int64_t) n;

    if (XML_Parse(xml->parser, (const char *) p, (int) n, last)
        != XML_STATUS_OK)
    {
        return SOCIAL_DECLINED;
    }

    if (xml->fed - xml->seen > SOCIAL_TOOL_XML_TAG) {
        xml->wrong = "a tag of more than 1 MB";
        xml->line = social_tool_xml_line(xml);
        return SOCIAL_DECLINED;
    }

    return SOCIAL_OK;
}


/* bytes that are at the end of a block and may be the beginning of a
 * character */

static size_t
social_tool_xml_open_tail(const unsigned char *p, size_t n)
{
    size_t         i;
    unsigned char  c;

    for (i = 1; i <= 3 && i <= n; i++) {
        c = p[n - i];

        if ((c & 0xc0) == 0x80) {
            continue;
        }

        return (c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc2 ? 2 : 1) > (int) i
               ? i : 0;
    }

    return 0;
}


/* mends a block: a control byte becomes U+007F, which XML allows and the
 * fields' own check finds again */

static int
social_tool_xml_mend(social_tool_xml_t *xml, const unsigned char *p, size_t n,
    social_out_t *out)
{
    int32_t               c;
    const unsigned char  *end, *from;

    out->len = 0;

    for (end = p + n; p < end; /* void */ ) {
        from = p;
        c = social_text_next(&p, end);

        if (c < 0 || c == 0xfffe || c == 0xffff) {
            social_out_bytes(out, "\xef\xbf\xbd", 3);

        } else if (c < ' ' && c != '\t' && c != '\n' && c != '\r') {
            social_out_bytes(out, "\x7f", 1);

        } else {
            social_out_bytes(out, from, (size_t) (p - from));
        }
    }

    return out->failed ? SOCIAL_ERROR
           : social_tool_xml_feed(xml, out->data, out->len, 0);
}


static social_tool_exit_e
social_tool_xml_run(social_tool_xml_t *xml, social_tool_plan_t *plan,
    social_tool_source_t *source, social_out_t *out)
{
    int            rc;
    long           n;
    size_t         len, tail;
    unsigned char  buf[SOCIAL_TOOL_XML_BLOCK + 4];

    for ( ;; ) {
        memcpy(buf, xml->tail, xml->ntail);
        n = social_tool_source_read(source, buf + xml->ntail,
                                    SOCIAL_TOOL_XML_BLOCK);

        if (n < 0) {
            return SOCIAL_TOOL_INPUT;
        }

        len = xml->ntail + (size_t) n;
        xml->ntail = 0;

        if (!xml->known) {
            social_tool_xml_look(xml, buf, len);
        }

        if (xml->utf8 && n > 0) {
            tail = social_tool_xml_open_tail(buf, len);
            len -= tail;
            memcpy(xml->tail, buf + len, tail);
            xml->ntail = tail;
        }

        rc = xml->utf8 ? social_tool_xml_mend(xml, buf, len, out)
                       : social_tool_xml_feed(xml, buf, len, 0);

        if (rc == SOCIAL_OK && n == 0) {
            rc = social_tool_xml_feed(xml, buf, 0, 1);
        }

        if (rc != SOCIAL_OK) {
            return social_tool_xml_wrong(xml);
        }

        if (n == 0 || social_tool_plan_failed(plan) != SOCIAL_OK) {
            return SOCIAL_TOOL_DONE;
        }

        social_tool_source_progress(source);
    }
}


static void
social_tool_xml_handlers(social_tool_xml_t *xml)
{
    XML_SetUserData(xml->parser, xml);
    XML_SetElementHandler(xml->parser, social_tool_xml_open,
                          social_tool_xml_close);
    XML_SetCharacterDataHandler(xml->parser, social_tool_xml_text);
    XML_SetDefaultHandler(xml->parser, social_tool_xml_other);
    XML_SetEntityDeclHandler(xml->parser, social_tool_xml_entity);
    XML_SetUnknownEncodingHandler(xml->parser, social_tool_xml_encoding, xml);
}


social_tool_exit_e
social_tool_xml_read(social_tool_plan_t *plan, const char *path,
    const social_tool_xml_format_t *format, void *data)
{
    size_t                 i;
    social_out_t           out;
    social_tool_xml_t      xml;
    social_tool_exit_e     code;
    social_tool_source_t  *source;

    source = social_tool_source_open(path);

    if (source == NULL) {
        return SOCIAL_TOOL_INPUT;
    }

    memset(&xml, 0, sizeof(social_tool_xml_t));
    xml.format = format;
    xml.data = data;
    xml.path = path;
    xml.parser = XML_ParserCreateNS(NULL, ' ');
    social_out_init(&out, SOCIAL_TOOL_XML_BLOCK * 4);

    for (i = 0; i < SOCIAL_TOOL_XML_DEPTH; i++) {
        social_out_init(&xml.text[i], SOCIAL_TOOL_FIELD + 16);
    }

    if (xml.parser == NULL) {
        code = social_tool_fail(SOCIAL_TOOL_STORE, "no memory");

    } else {
        social_tool_xml_handlers(&xml);
        code = social_tool_xml_run(&xml, plan, source, &out);
        XML_ParserFree(xml.parser);
    }

    for (i = 0; i < SOCIAL_TOOL_XML_DEPTH; i++) {
        social_out_free(&xml.text[i]);
    }

    social_out_free(&out);
    social_tool_source_close(source);

    return code;
}
