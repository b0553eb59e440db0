
/*
 * Words in the language of a page.  Owns what a table of a language must have,
 * and how plural forms and dates are made of it.  Must not know what is
 * rendered.  Any thread.
 */

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "social_language.h"
#include "social_plural.h"
#include "social_time.h"


#define SOCIAL_LANGUAGE_NAME      64            /* of a text */
#define SOCIAL_LANGUAGE_TIME_MAX  253402300799  /* 9999-12-31T23:59:59Z */


static const social_language_t  social_language_english = {
    .tag = "en",
    .months = { "January", "February", "March", "April", "May", "June",
                "July", "August", "September", "October", "November",
                "December" },
    .date = "{day} {month} {year}, {time} UTC"
};


int
social_language_read(social_language_t *language, const char *tag,
    const unsigned char *source, size_t len)
{
    int     i;
    cJSON  *months, *month;

    language->tag = tag;
    language->strings = cJSON_ParseWithLength((const char *) source, len);
    language->date = cJSON_GetStringValue(
                         cJSON_GetObjectItemCaseSensitive(language->strings,
                                                          "date"));

    months = cJSON_GetObjectItemCaseSensitive(language->strings, "months");

    if (language->date == NULL || cJSON_GetArraySize(months) != 12) {
        return SOCIAL_DECLINED;
    }

    i = 0;
    cJSON_ArrayForEach(month, months) {
        language->months[i] = cJSON_GetStringValue(month);

        if (language->months[i++] == NULL) {
            return SOCIAL_DECLINED;
        }
    }

    return SOCIAL_OK;
}


unsigned
social_language_find(const social_language_t *languages, size_t n,
    const char *tag, size_t len)
{
    size_t    end;
    unsigned  i;

    for (end = 0; end < len && tag[end] != '-' && tag[end] != '_'; end++) {
        /* void */
    }

    for (i = 0; i < n; i++) {
        if (strlen(languages[i].tag) == end
            && strncasecmp(languages[i].tag, tag, end) == 0)
        {
            return i;
        }
    }

    return 0;
}


const char *
social_language_text(const social_language_t *language, const char *name)
{
    const char  *text;

    text = cJSON_GetStringValue(
               cJSON_GetObjectItemCaseSensitive(language->strings, name));

    return text ? text : "";
}


const char *
social_language_form(const social_language_t *language, const char *name,
    const char *form)
{
    char  full[SOCIAL_LANGUAGE_NAME];

    (void) snprintf(full, sizeof(full), "%s_%s", name, form);

    return social_language_text(language, full);
}


void
social_language_count(const social_language_t *language, const char *name,
    int64_t n, social_out_t *out)
{
    const char  *text, *mark;

    text = social_language_form(language, name,
                                social_plural(language->tag, n));
    mark = strstr(text, "{n}");

    if (mark) {
        social_out_bytes(out, text, (size_t) (mark - text));
        social_out_int(out, n);
        text = mark + sizeof("{n}") - 1;
    }

    social_out_text(out, text);
}


/* copies text up to last, and never a part of a character */

static char *
social_language_copy(char *p, const char *last, const char *text, size_t len)
{
    if (len > (size_t) (last - p)) {
        len = (size_t) (last - p);

        while (len && (text[len] & 0xc0) == 0x80) {
            len--;
        }
    }

    memcpy(p, text, len);

    return p + len;
}


/* the index of the mark at the beginning of s, or the number of marks */

static const char *const  social_language_marks[] = {
    "{day}", "{month}", "{year}", "{time}"
};

static size_t
social_language_mark(const char *s)
{
    size_t  i;

    for (i = 0; i < social_nelts(social_language_marks); i++) {
        if (strncmp(s, social_language_marks[i],
                    strlen(social_language_marks[i])) == 0)
        {
            break;
        }
    }

    return i;
}


void
social_language_date(const social_language_t *language, int64_t seconds,
    char date[SOCIAL_LANGUAGE_DATE])
{
    int          minutes;
    char        *p, *last, day[12], year[24], time[12];
    size_t       i, len;
    int64_t      y;
    unsigned     m, d;
    const char  *s, *texts[social_nelts(social_language_marks)];

    language = language ? language : &social_language_english;
    seconds = seconds < 0 ? 0 : seconds > SOCIAL_LANGUAGE_TIME_MAX
                                ? SOCIAL_LANGUAGE_TIME_MAX : seconds;

    social_time_date(seconds / SOCIAL_DAY, &y, &m, &d);
    minutes = (int) (seconds % SOCIAL_DAY / 60);

    (void) snprintf(day, sizeof(day), "%u", d);
    (void) snprintf(year, sizeof(year), "%d", (int) y);
    (void) snprintf(time, sizeof(time), "%02d:%02d", minutes / 60,
                    minutes % 60);

    texts[0] = day;
    texts[1] = language->months[m - 1];
    texts[2] = year;
    texts[3] = time;

    p = date;
    last = date + SOCIAL_LANGUAGE_DATE - 1;

    for (s = language->date; *s; s += len) {
        i = social_language_mark(s);

        if (i < social_nelts(social_language_marks)) {
            len = strlen(social_language_marks[i]);
            p = social_language_copy(p, last, texts[i], strlen(texts[i]));

        } else {
            len = strcspn(s + 1, "{") + 1;
            p = social_language_copy(p, last, s, len);
        }
    }

    *p = '\0';
}
