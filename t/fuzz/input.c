
/*
 * Fuzzes what people send.  The first byte says what the rest is: a form, JSON,
 * lines and texts, a website, a time or the text of a comment.
 */

#include "social_form.h"
#include "social_json.h"
#include "social_text.h"
#include "social_time.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void
fuzz_must(int good)
{
    if (!good) {
        abort();
    }
}


static void
fuzz_form(const uint8_t *data, size_t size)
{
    size_t          i;
    social_form_t  *form;
    unsigned char  *buf;

    static const char *const  repeat[] = { "id", NULL };

    form = malloc(sizeof(social_form_t));
    buf = malloc(size + 1);

    if (social_form_parse(form, data, size, buf, repeat) == SOCIAL_OK) {

        for (i = 0; i < form->n; i++) {
            fuzz_must(social_text_valid(form->fields[i].value.data,
                                        form->fields[i].value.len));
            fuzz_must(strlen((const char *) form->fields[i].value.data)
                      == form->fields[i].value.len);
            fuzz_must(social_form_get(form, (const char *)
                                      form->fields[i].name.data) != NULL);
        }

    } else {
        fuzz_must(form->error != NULL && form->n == 0);
    }

    free(buf);
    free(form);
}


/* an accepted document can be printed and parsed again */

static void
fuzz_json(const uint8_t *data, size_t size)
{
    char         *text;
    cJSON        *json, *again;
    const char   *error;

    json = social_json_parse(data, size, &error);

    if (json == NULL) {
        fuzz_must(error != NULL);       /* cJSON accepts all of it */
        return;
    }

    text = cJSON_PrintUnformatted(json);
    fuzz_must(text != NULL);

    again = social_json_parse((const unsigned char *) text, strlen(text),
                              &error);

    fuzz_must(again != NULL);

    cJSON_Delete(again);
    cJSON_free(text);
    cJSON_Delete(json);
}


/* cleaning again changes nothing; in place gives the same */

static void
fuzz_clean(int (*clean)(const unsigned char *, size_t, unsigned char *,
    size_t *), const uint8_t *data, size_t size)
{
    int             rc;
    size_t          n, m;
    unsigned char  *once, *twice;

    once = malloc(size + 1);
    twice = malloc(size + 1);

    rc = clean(data, size, once, &n);

    if (rc == SOCIAL_OK) {
        fuzz_must(n <= size && social_text_valid(once, n));
        fuzz_must(clean(once, n, twice, &m) == SOCIAL_OK);
        fuzz_must(n == m && memcmp(once, twice, n) == 0);
    }

    memcpy(twice, data, size);
    fuzz_must(clean(twice, size, twice, &m) == rc);
    fuzz_must(rc != SOCIAL_OK || (n == m && memcmp(once, twice, n) == 0));

    free(once);
    free(twice);
}


static void
fuzz_website(const uint8_t *data, size_t size)
{
    size_t          i, n, m;
    unsigned char  *url, *again;

    url = malloc(SOCIAL_WEBSITE_SIZE);
    again = malloc(SOCIAL_WEBSITE_SIZE);

    if (social_text_website(data, size, url, &n) == SOCIAL_OK && n) {

        fuzz_must(n <= SOCIAL_WEBSITE_SIZE);
        fuzz_must(memcmp(url, "http://", 7) == 0
                  || memcmp(url, "https://", 8) == 0);

        for (i = 0; i < n; i++) {
            fuzz_must(url[i] > ' ' && url[i] < 0x7f
                      && strchr("\"'`<>\\", url[i]) == NULL);
        }

        if (n <= SOCIAL_WEBSITE_MAX) {
            fuzz_must(social_text_website(url, n, again, &m) == SOCIAL_OK
                      && n == m && memcmp(url, again, n) == 0);
        }
    }

    free(url);
    free(again);
}


static void
fuzz_time(const uint8_t *data, size_t size)
{
    char     buf[SOCIAL_TIME_LEN + 1];
    int64_t  t, back;

    if (social_time_parse(data, size, &t) == SOCIAL_OK) {
        social_time_format(t, buf);
        fuzz_must(social_time_parse((unsigned char *) buf, SOCIAL_TIME_LEN,
                                    &back) == SOCIAL_OK);
        fuzz_must(back == t || t < INT64_C(-62167219200)
                  || t > INT64_C(253402300799));
    }

    if (size >= sizeof(t)) {
        memcpy(&t, data, sizeof(t));
        social_time_format(t, buf);
        fuzz_must(strlen(buf) == SOCIAL_TIME_LEN);
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t  kind;

    if (size == 0) {
        return 0;
    }

    kind = *data++;
    size--;

    switch (kind % 5) {

    case 0:
        fuzz_form(data, size);
        break;

    case 1:
        fuzz_json(data, size);
        break;

    case 2:
        fuzz_clean(social_text_clean_line, data, size);
        fuzz_clean(social_text_clean_text, data, size);
        break;

    case 3:
        fuzz_website(data, size);
        break;

    default:
        fuzz_time(data, size);
        break;
    }

    return 0;
}
