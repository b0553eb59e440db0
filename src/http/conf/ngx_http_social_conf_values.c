
/*
 * Parsers of values: patterns, complex values, names, times.  Each one fills in
 * its result or logs one message with the value and what is expected.
 *
 * Must not depend on the parameter that it parses.  Runs while the
 * configuration is read.
 */

#include "ngx_http_social_conf.h"


static size_t ngx_http_social_conf_pattern_sign(ngx_str_t *text);


/* as in location: "= URI", "URI", "~ REGEX", "~* REGEX", also without the
 * space; must be the last arguments of the directive */

char *
ngx_http_social_conf_pattern(ngx_conf_t *cf, ngx_uint_t arg,
    ngx_http_social_pattern_t *pattern)
{
    ngx_str_t   *args, sign, text;
    ngx_uint_t   where;

    args = cf->args->elts;
    where = arg;
    sign = args[arg];
    text = sign;

    if (arg + 1 < cf->args->nelts) {
        where++;
        text = args[where];

    } else {
        sign.len = ngx_http_social_conf_pattern_sign(&text);
        text.data += sign.len;
        text.len -= sign.len;
    }

    if (ngx_http_social_conf_pattern_sign(&sign) != sign.len
        || (where > arg && sign.len == 0))
    {
        return ngx_http_social_conf_bad(cf, arg, "one pattern expected: "
                                        "\"= URI\", \"URI\", \"~ REGEX\" "
                                        "or \"~* REGEX\"");
    }

    if (text.len == 0 && sign.len) {
        return ngx_http_social_conf_bad(cf, arg, "%s expected after \"%V\"",
                                        sign.data[0] == '='
                                        ? "a URI" : "a regular expression",
                                        &sign);
    }

    pattern->text = text;

    if (sign.len && sign.data[0] == '~') {
        pattern->how = NGX_HTTP_SOCIAL_REGEX;
        return ngx_http_social_conf_regex(cf, where, pattern, sign.len == 2,
                                          0);
    }

    if (text.len == 0 || text.data[0] != '/') {
        return ngx_http_social_conf_bad(cf, where, "a URI that begins with "
                                        "\"/\", or \"~\" and a regular "
                                        "expression expected");
    }

    pattern->how = sign.len ? NGX_HTTP_SOCIAL_EXACT : NGX_HTTP_SOCIAL_PREFIX;

    return NGX_CONF_OK;
}


/* the length of "=", "~" or "~*" at the beginning; 0: there is none */

static size_t
ngx_http_social_conf_pattern_sign(ngx_str_t *text)
{
    if (text->len == 0 || (text->data[0] != '=' && text->data[0] != '~')) {
        return 0;
    }

    return text->len > 1 && text->data[0] == '~' && text->data[1] == '*'
           ? 2 : 1;
}


#if (NGX_PCRE)

static ngx_int_t
ngx_http_social_conf_compile(ngx_conf_t *cf, ngx_regex_compile_t *rc,
    ngx_str_t *text, ngx_uint_t caseless, ngx_str_t *err)
{
    ngx_memzero(rc, sizeof(ngx_regex_compile_t));

    rc->pattern = *text;
    rc->pool = cf->pool;
    rc->err = *err;
    rc->options = caseless ? NGX_REGEX_CASELESS : 0;

    return ngx_regex_compile(rc);
}

#endif


/* utf: match UTF-8 text; nginx's own regular expressions match bytes */

char *
ngx_http_social_conf_regex(ngx_conf_t *cf, ngx_uint_t arg,
    ngx_http_social_pattern_t *pattern, ngx_uint_t caseless, ngx_uint_t utf)
{
#if (NGX_PCRE)

    ngx_int_t            rc;
    ngx_str_t            err, wide;
    ngx_regex_compile_t  compile;
    u_char               errstr[NGX_MAX_CONF_ERRSTR / 2];

#if (NGX_PCRE2)
    static const char    start[] = "(*UTF)";
#else
    static const char    start[] = "(*UTF8)";
#endif

    err.len = sizeof(errstr);
    err.data = errstr;

    /* first as it was written, so that an error message does not show the
     * prefix that we add */

    rc = ngx_http_social_conf_compile(cf, &compile, &pattern->text, caseless,
                                      &err);
    if (rc == NGX_OK && utf) {
        wide.len = sizeof(start) - 1 + pattern->text.len;
        wide.data = ngx_pnalloc(cf->pool, wide.len + 1);
        if (wide.data == NULL) {
            return NGX_CONF_ERROR;
        }

        ngx_sprintf(wide.data, "%s%V%Z", start, &pattern->text);

        rc = ngx_http_social_conf_compile(cf, &compile, &wide, caseless,
                                          &err);
    }

    if (rc != NGX_OK) {
        return ngx_http_social_conf_bad(cf, arg,
                                        "not a valid PCRE2 regular "
                                        "expression: %V",
                                        &compile.err);
    }

    pattern->regex = compile.regex;

    return NGX_CONF_OK;

#else

    return ngx_http_social_conf_bad(cf, arg, "a URI expected, this nginx was "
                                             "built without PCRE");

#endif
}


ngx_int_t
ngx_http_social_conf_variable(ngx_str_t *text, size_t *offset, ngx_str_t *name)
{
    u_char      c, *p, *last;
    ngx_uint_t  brace;

    last = text->data + text->len;

    p = ngx_strlchr(text->data + *offset, last, '$');
    if (p == NULL) {
        return 0;
    }

    brace = (++p < last && *p == '{');
    p += brace;

    for (name->data = p; p < last; p++) {
        c = *p;

        if (!(c >= '0' && c <= '9') && c != '_'
            && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
        {
            break;
        }
    }

    name->len = p - name->data;

    if (name->len == 0 || (brace && (p == last || *p != '}'))) {
        return NGX_ERROR;
    }

    *offset = p + brace - text->data;

    return 1;
}


char *
ngx_http_social_conf_value(ngx_conf_t *cf, ngx_http_social_conf_draft_t *draft,
    ngx_uint_t arg, ngx_http_complex_value_t **value)
{
    size_t                             offset;
    ngx_int_t                          rc;
    ngx_str_t                         *args, name;
    ngx_http_social_conf_pos_t        *pos;
    ngx_http_compile_complex_value_t   ccv;

    args = cf->args->elts;

    if (args[arg].len == 0) {
        return ngx_http_social_conf_bad(cf, arg, "a text or a variable "
                                        "expected");
    }

    offset = 0;

    while ((rc = ngx_http_social_conf_variable(&args[arg], &offset, &name))
           == 1) {
        /* they are computed from this value */

        if (name.len > 7 && ngx_strncasecmp(name.data,
                                            (u_char *) "social_", 7) == 0)
        {
            return ngx_http_social_conf_bad(cf, arg, "the module's own "
                                                     "variables cannot be "
                                                     "used here");
        }
    }

    if (rc == NGX_ERROR) {
        return ngx_http_social_conf_bad(cf, arg, "a variable's name expected "
                                                 "after \"$\"");
    }

    pos = ngx_array_push(&draft->scf->values);
    if (pos == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_http_social_conf_set_pos(cf, pos, draft->site, arg);

    *value = ngx_palloc(cf->pool, sizeof(ngx_http_complex_value_t));
    if (*value == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

    ccv.cf = cf;
    ccv.value = &pos->text;
    ccv.complex_value = *value;

    return ngx_http_compile_complex_value(&ccv) == NGX_OK ? NGX_CONF_OK
                                                          : NGX_CONF_ERROR;
}


ngx_uint_t
ngx_http_social_conf_named(ngx_str_t *arg, const char *name, ngx_str_t *value)
{
    size_t  len;

    len = ngx_strlen(name);

    if (arg->len < len || ngx_strncmp(arg->data, name, len) != 0) {
        return 0;
    }

    value->len = arg->len - len;
    value->data = arg->data + len;

    return 1;
}


ngx_int_t
ngx_http_social_conf_time(ngx_str_t *text, ngx_uint_t is_sec, ngx_int_t min,
    ngx_int_t max)
{
    ngx_int_t  value;

    if (text->len == 0) {
        return NGX_ERROR;
    }

    value = ngx_parse_time(text, is_sec);

    return (value < min || value > max) ? NGX_ERROR : value;
}


ngx_uint_t
ngx_http_social_conf_is_name(ngx_str_t *name, size_t max)
{
    u_char  c;
    size_t  i;

    for (i = 0; i < name->len; i++) {
        c = name->data[i];

        if (!(c >= '0' && c <= '9') && c != '_' && c != '-'
            && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
        {
            return 0;
        }
    }

    return name->len > 0 && name->len <= max;
}
