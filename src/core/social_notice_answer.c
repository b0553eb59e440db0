
/*
 * Reads the header of an HTTP/1.x answer as it arrives, strictly, in bounded
 * memory and in linear time.  Only the status and Retry-After matter.
 */

#include <string.h>
#include <strings.h>

#include "social_notice.h"


#define SOCIAL_ANSWER_INTERIM  4        /* answers of the class 1xx */


static int
social_answer_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}


/* HTTP/1.1 204 No Content */

static int
social_answer_status(social_answer_t *answer)
{
    const unsigned char  *p;

    p = answer->line;

    if (answer->n < 12 || memcmp(p, "HTTP/1.", 7) != 0
        || (p[7] != '0' && p[7] != '1') || p[8] != ' '
        || p[9] < '1' || p[9] > '5' || !social_answer_digit(p[10])
        || !social_answer_digit(p[11]) || (answer->n > 12 && p[12] != ' '))
    {
        return SOCIAL_DECLINED;
    }

    answer->status = (p[9] - '0') * 100 + (p[10] - '0') * 10 + (p[11] - '0');

    return SOCIAL_AGAIN;
}


/* seconds; a date is left alone: our own pauses are good enough then */

static void
social_answer_retry(social_answer_t *answer, const unsigned char *p,
    const unsigned char *last)
{
    int64_t  seconds;

    while (p < last && (*p == ' ' || *p == '\t')) {
        p++;
    }

    while (last > p && (last[-1] == ' ' || last[-1] == '\t')) {
        last--;
    }

    if (p == last || last - p > 9) {
        return;
    }

    for (seconds = 0; p < last; p++) {

        if (!social_answer_digit(*p)) {
            return;
        }

        seconds = seconds * 10 + (*p - '0');
    }

    answer->retry = seconds;
}


static int
social_answer_header(social_answer_t *answer)
{
    size_t                len, n;
    const unsigned char  *p, *colon;

    p = answer->line;
    len = (answer->n < sizeof(answer->line)) ? answer->n
                                             : sizeof(answer->line);
    colon = memchr(p, ':', len);

    if (colon == NULL || colon == p) {
        return SOCIAL_DECLINED;
    }

    for (n = 0; p + n < colon; n++) {
        if (p[n] <= ' ' || p[n] >= 0x7f) {
            return SOCIAL_DECLINED;
        }
    }

    if (n == sizeof("Retry-After") - 1
        && strncasecmp((const char *) p, "Retry-After", n) == 0
        && answer->n <= sizeof(answer->line))
    {
        social_answer_retry(answer, colon + 1, p + len);
    }

    return SOCIAL_AGAIN;
}


static int
social_answer_line(social_answer_t *answer)
{
    int  rc;

    if (answer->n && answer->n <= sizeof(answer->line)
        && answer->line[answer->n - 1] == '\r')
    {
        answer->n--;
    }

    if (answer->status == 0) {
        rc = social_answer_status(answer);

    } else if (answer->n) {
        rc = social_answer_header(answer);

    } else if (answer->status >= 200) {
        rc = SOCIAL_OK;

    } else {
        answer->status = 0;
        answer->retry = 0;
        rc = (++answer->interim > SOCIAL_ANSWER_INTERIM) ? SOCIAL_DECLINED
                                                         : SOCIAL_AGAIN;
    }

    answer->n = 0;

    return rc;
}


int
social_answer_read(social_answer_t *answer, const unsigned char *data,
    size_t len)
{
    int     rc;
    size_t  i;

    for (i = 0; i < len; i++) {

        if (data[i] == '\0' || ++answer->total > SOCIAL_NOTICE_HEAD) {
            return SOCIAL_DECLINED;
        }

        if (data[i] == '\n') {
            rc = social_answer_line(answer);

            if (rc != SOCIAL_AGAIN) {
                return rc;
            }

            continue;
        }

        if (answer->n < sizeof(answer->line)) {
            answer->line[answer->n] = data[i];
        }

        answer->n++;
    }

    return SOCIAL_AGAIN;
}
