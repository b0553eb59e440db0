
/*
 * Messages about the configuration: one line each, with the value and the line
 * where the value is.
 *
 * nginx knows only the line where a directive ends.  To find the line of an
 * argument the file is read again, backwards from the end of the directive,
 * until a text is found that parses to exactly the arguments that nginx got.
 * Nothing in front of it is parsed, as other modules may read their blocks in
 * their own ways.  If no such text is found the message has nginx's own line.
 *
 * Must not move the position in nginx's file.  Runs while the configuration is
 * read.
 */

#include "ngx_http_social_conf.h"


#define NGX_HTTP_SOCIAL_CONF_WINDOW  65536  /* bytes to read back */
#define NGX_HTTP_SOCIAL_CONF_SHOWN   200    /* bytes of a value to print */


static ngx_uint_t ngx_http_social_conf_message_lines_up(ngx_conf_t *cf,
    ngx_uint_t arg, u_char *text, u_char *end);
static u_char *ngx_http_social_conf_message_match(ngx_conf_t *cf,
    ngx_uint_t arg, u_char *p, u_char *end);
static u_char *ngx_http_social_conf_message_token(u_char *p, u_char *end,
    ngx_str_t *raw);
static u_char *ngx_http_social_conf_message_quoted(u_char *p, u_char *end,
    ngx_str_t *raw);
static ngx_uint_t ngx_http_social_conf_message_same(ngx_str_t *raw,
    ngx_str_t *arg);
static void ngx_http_social_conf_message_log(ngx_uint_t level, ngx_conf_t *cf,
    ngx_http_social_conf_pos_t *pos, const char *fmt, va_list args);


ngx_uint_t
ngx_http_social_conf_line(ngx_conf_t *cf, ngx_uint_t arg)
{
    off_t             from, to;
    size_t            size;
    u_char           *text;
    ngx_uint_t        line;
    ngx_conf_file_t  *file;

    file = cf->conf_file;

    if (file->file.fd == NGX_INVALID_FILE || file->buffer == NULL) {
        return file->line;
    }

    to = file->file.offset - (file->buffer->last - file->buffer->pos);
    from = ngx_max(to - NGX_HTTP_SOCIAL_CONF_WINDOW, 0);

    if (to <= from) {
        return file->line;
    }

    size = (size_t) (to - from);

    text = ngx_alloc(size, cf->log);
    if (text == NULL) {
        return file->line;
    }

    line = file->line;

    if (pread(file->file.fd, text, size, from) == (ssize_t) size) {
        line -= ngx_http_social_conf_message_lines_up(cf, arg, text,
                                                      text + size);
    }

    ngx_free(text);

    return line;
}


/* how many lines above the end of the directive the argument begins; 0: it was
 * not found */

static ngx_uint_t
ngx_http_social_conf_message_lines_up(ngx_conf_t *cf, ngx_uint_t arg,
    u_char *text, u_char *end)
{
    u_char      *p, *start;
    ngx_uint_t   lines;

    for (p = end - 1; p >= text; p--) {

        if (ngx_strchr(" \t\r\n;{}#", *p)
            || (p > text && ngx_strchr(" \t\r\n;{}\"')", p[-1]) == NULL))
        {
            continue;
        }

        start = ngx_http_social_conf_message_match(cf, arg, p, end);
        if (start == NULL) {
            continue;
        }

        for (lines = 0; start < end; start++) {
            lines += (*start == LF);
        }

        return lines;
    }

    return 0;
}


/* if the text from p to end is the directive, returns where argument `arg`
 * begins, else NULL */

static u_char *
ngx_http_social_conf_message_match(ngx_conf_t *cf, ngx_uint_t arg, u_char *p,
    u_char *end)
{
    u_char      *start;
    ngx_str_t   *args, raw;
    ngx_uint_t   i;

    args = cf->args->elts;
    start = NULL;

    for (i = 0; i < cf->args->nelts; i++) {

        p = ngx_http_social_conf_message_token(p, end, &raw);

        if (p == NULL || !ngx_http_social_conf_message_same(&raw, &args[i])) {
            return NULL;
        }

        if (i == arg) {
            start = raw.data;
        }
    }

    /* only white space, comments and ";" or "{" may be left */

    if (ngx_http_social_conf_message_token(p, end, &raw) != NULL) {
        return NULL;
    }

    return raw.data == end - 1 ? start : NULL;
}


/*
 * Reads a token as ngx_conf_read_token() does.  Returns the byte after it;
 * NULL: there is none, raw->data is then the byte that ends the directive.
 */

static u_char *
ngx_http_social_conf_message_token(u_char *p, u_char *end, ngx_str_t *raw)
{
    ngx_uint_t  variable;

    while (p < end && ngx_strchr(" \t\r\n#", *p)) {

        if (*p == '#') {
            while (p < end && *p != LF) {
                p++;
            }

        } else {
            p++;
        }
    }

    raw->data = p;
    raw->len = 0;

    if (p == end || *p == ';' || *p == '{' || *p == '}') {
        return NULL;
    }

    if (*p == '"' || *p == '\'') {
        return ngx_http_social_conf_message_quoted(p, end, raw);
    }

    for (variable = 0; p < end; p++) {

        if (*p == '{' && variable) {
            continue;
        }

        if (ngx_strchr(" \t\r\n;{", *p)) {
            break;
        }

        variable = (*p == '$');

        if (*p == '\\' && p + 1 < end) {
            p++;
        }
    }

    raw->len = p - raw->data;

    return p;
}


static u_char *
ngx_http_social_conf_message_quoted(u_char *p, u_char *end, ngx_str_t *raw)
{
    u_char  quote;

    quote = *p++;
    raw->data = p;

    while (p < end && *p != quote) {
        p += (*p == '\\' && p + 1 < end) ? 2 : 1;
    }

    if (p >= end) {
        raw->data = end;
        return NULL;
    }

    raw->len = p - raw->data;

    return p + 1;
}


/* 1 if a token, with its escapes, is this argument */

static ngx_uint_t
ngx_http_social_conf_message_same(ngx_str_t *raw, ngx_str_t *arg)
{
    u_char  c, *p, *last;
    size_t  n;

    p = raw->data;
    last = p + raw->len;

    for (n = 0; p < last; n++) {

        c = *p++;

        if (c == '\\' && p < last) {
            switch (*p) {
            case '"':
            case '\'':
            case '\\':
                c = *p++;
                break;
            case 't':
                c = '\t';
                p++;
                break;
            case 'r':
                c = '\r';
                p++;
                break;
            case 'n':
                c = '\n';
                p++;
                break;
            }
        }

        if (n >= arg->len || arg->data[n] != c) {
            return 0;
        }
    }

    return n == arg->len;
}


void
ngx_http_social_conf_set_pos(ngx_conf_t *cf, ngx_http_social_conf_pos_t *pos,
    ngx_http_social_site_t *site, ngx_uint_t arg)
{
    ngx_str_t  *args;

    args = cf->args->elts;

    pos->site = site;
    pos->param = (char *) args[0].data;
    pos->text = args[arg];
    pos->file = cf->conf_file->file.name.data;
    pos->line = ngx_http_social_conf_line(cf, arg);
}


char *
ngx_http_social_conf_bad(ngx_conf_t *cf, ngx_uint_t arg, const char *fmt, ...)
{
    va_list                     args;
    ngx_http_social_conf_pos_t  pos;

    ngx_http_social_conf_set_pos(cf, &pos, NULL, arg);

    va_start(args, fmt);
    ngx_http_social_conf_message_log(NGX_LOG_EMERG, cf, &pos, fmt, args);
    va_end(args);

    return NGX_CONF_ERROR;
}


ngx_int_t
ngx_http_social_conf_bad_pos(ngx_conf_t *cf,
    ngx_http_social_conf_pos_t *pos, const char *fmt, ...)
{
    va_list  args;

    va_start(args, fmt);
    ngx_http_social_conf_message_log(NGX_LOG_EMERG, cf, pos, fmt, args);
    va_end(args);

    return NGX_ERROR;
}


void
ngx_http_social_conf_warn(ngx_conf_t *cf, u_char *file, ngx_uint_t line,
    const char *fmt, ...)
{
    va_list                     args;
    ngx_http_social_conf_pos_t  pos;

    ngx_memzero(&pos, sizeof(ngx_http_social_conf_pos_t));

    pos.file = file;
    pos.line = line;

    va_start(args, fmt);
    ngx_http_social_conf_message_log(NGX_LOG_WARN, cf, &pos, fmt, args);
    va_end(args);
}


/* control characters become spaces and a long value is cut, so the message is
 * one line and its end is not lost */

static void
ngx_http_social_conf_message_log(ngx_uint_t level, ngx_conf_t *cf,
    ngx_http_social_conf_pos_t *pos, const char *fmt, va_list args)
{
    u_char  *p, *q, *last, text[NGX_MAX_CONF_ERRSTR];
    size_t   len;

    p = text;
    last = text + NGX_MAX_CONF_ERRSTR;

    if (pos->param) {
        len = ngx_min(pos->text.len, NGX_HTTP_SOCIAL_CONF_SHOWN);

        p = ngx_slprintf(p, last, "invalid value \"%*s%s\" in \"%s\": ",
                         len, pos->text.data,
                         len < pos->text.len ? "..." : "", pos->param);
    }

    p = ngx_vslprintf(p, last, fmt, args);

    for (q = text; q < p; q++) {
        if (*q < 0x20 || *q == 0x7f) {
            *q = ' ';
        }
    }

    ngx_log_error(level, cf->log, 0, "%*s in %s:%ui",
                  (size_t) (p - text), text, pos->file, pos->line);
}


char *
ngx_http_social_conf_duplicate(ngx_conf_t *cf)
{
    /* nginx logs the message with this line, and stops */

    cf->conf_file->line = ngx_http_social_conf_line(cf, 0);

    return "is duplicate";
}
