
/*
 * The decoder of forms and query strings, after the URL standard's
 * "application/x-www-form-urlencoded parsing", but strict: what the standard
 * ignores or replaces is an error here.  Must not know any field.  One pass;
 * each name is compared with at most SOCIAL_FORM_FIELDS others.  Any thread.
 */

#include "social_form.h"
#include "social_text.h"

#include <string.h>


static int
social_form_hex(unsigned char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c |= 0x20;

    return (c >= 'a' && c <= 'f') ? c - 'a' + 10 : -1;
}


/* decodes s to dst and adds a NUL; returns NULL, or what is wrong */

static const char *
social_form_decode(social_str_t s, unsigned char *dst, social_str_t *out)
{
    int             high, low;
    size_t          i;
    unsigned char  *d;

    d = dst;

    for (i = 0; i < s.len; i++) {

        if (s.data[i] != '%') {
            *d++ = (s.data[i] == '+') ? ' ' : s.data[i];
            continue;
        }

        high = (s.len - i > 2) ? social_form_hex(s.data[i + 1]) : -1;
        low = (s.len - i > 2) ? social_form_hex(s.data[i + 2]) : -1;

        if (high < 0 || low < 0) {
            return "invalid percent-encoding";
        }

        *d++ = (unsigned char) (high << 4 | low);
        i += 2;
    }

    out->data = dst;
    out->len = (size_t) (d - dst);
    *d = '\0';

    if (memchr(dst, '\0', out->len)) {
        return "NUL";
    }

    return social_text_valid(dst, out->len) ? NULL : "not UTF-8";
}


static int
social_form_is(const social_str_t *name, const char *s)
{
    return strlen(s) == name->len && memcmp(s, name->data, name->len) == 0;
}


static int
social_form_may_repeat(const social_str_t *name, const char *const *repeat)
{
    for ( /* void */ ; repeat && *repeat; repeat++) {
        if (social_form_is(name, *repeat)) {
            return 1;
        }
    }

    return 0;
}


static int
social_form_fail(social_form_t *form, int rc, const char *error,
    const social_str_t *name)
{
    form->error = error;
    form->n = 0;

    if (name && name->len <= SOCIAL_FORM_NAME) {
        memcpy(form->field, name->data, name->len);
        form->field[name->len] = '\0';
    }

    return rc;
}


/* one "name=value"; both are decoded at the offset that they have in the
 * source, so that they always fit */

static int
social_form_add(social_form_t *form, social_str_t pair, unsigned char *buf,
    const char *const *repeat)
{
    const char           *error;
    social_str_t          name, value;
    social_form_field_t  *field;
    const unsigned char  *equals;

    if (form->n == SOCIAL_FORM_FIELDS) {
        return social_form_fail(form, SOCIAL_LIMIT, "too many fields", NULL);
    }

    equals = memchr(pair.data, '=', pair.len);

    name.data = pair.data;
    name.len = equals ? (size_t) (equals - pair.data) : pair.len;
    value.data = equals ? equals + 1 : pair.data + pair.len;
    value.len = (size_t) (pair.data + pair.len - value.data);

    field = &form->fields[form->n];
    error = social_form_decode(name, buf, &field->name);

    if (error) {
        return social_form_fail(form, SOCIAL_DECLINED, error, NULL);
    }

    if (field->name.len > SOCIAL_FORM_NAME) {
        return social_form_fail(form, SOCIAL_DECLINED, "name too long", NULL);
    }

    /* without "=", the value is the NUL after the name */

    error = social_form_decode(value, buf + (value.data - pair.data),
                               &field->value);

    if (error) {
        return social_form_fail(form, SOCIAL_DECLINED, error, &field->name);
    }

    if (!social_form_may_repeat(&field->name, repeat)
        && social_form_get(form, (const char *) field->name.data))
    {
        return social_form_fail(form, SOCIAL_DECLINED, "duplicate",
                                &field->name);
    }

    form->n++;

    return SOCIAL_OK;
}


int
social_form_parse(social_form_t *form, const unsigned char *data, size_t len,
    unsigned char *buf, const char *const *repeat)
{
    int                   rc;
    social_str_t          pair;
    const unsigned char  *p, *end, *amp;

    form->n = 0;
    form->error = NULL;
    form->field[0] = '\0';

    if (len == 0) {
        return SOCIAL_OK;               /* data may be NULL */
    }

    end = data + len;

    for (p = data; p < end; p = (amp < end) ? amp + 1 : end) {

        amp = memchr(p, '&', (size_t) (end - p));
        amp = amp ? amp : end;

        pair.data = p;
        pair.len = (size_t) (amp - p);

        if (pair.len == 0) {
            continue;
        }

        rc = social_form_add(form, pair, buf + (p - data), repeat);

        if (rc != SOCIAL_OK) {
            return rc;
        }
    }

    return SOCIAL_OK;
}


const social_str_t *
social_form_get(const social_form_t *form, const char *name)
{
    return social_form_get_nth(form, name, 0);
}


const social_str_t *
social_form_get_nth(const social_form_t *form, const char *name, size_t i)
{
    size_t  k;

    for (k = 0; k < form->n; k++) {

        if (!social_form_is(&form->fields[k].name, name)) {
            continue;
        }

        if (i-- == 0) {
            return &form->fields[k].value;
        }
    }

    return NULL;
}
