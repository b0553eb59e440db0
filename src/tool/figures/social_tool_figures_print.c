
/*
 * Figures as text, for people, and as JSON, with the names of the status page.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "social_doc.h"
#include "social_text.h"
#include "social_time.h"
#include "social_tool_figures.h"


#define SOCIAL_TOOL_CELL  24        /* bytes of a number, or of two */


/* in the order in which they are printed */

static const struct {
    social_tool_word_e  class;
    const char         *name;
} social_tool_classes[] = {
    { LOG_SCRIPT, "confirmed" }, { LOG_UNCONFIRMED, "unconfirmed" },
    { LOG_SELF, "self" }, { LOG_PREVIEW, "preview" }, { LOG_BOT, "bot" },
    { LOG_PREFETCH, "prefetch" }
};


/* a figure that the log leaves open: its least and its most */

static void
social_tool_print_range(cJSON *undecided, const char *name, int64_t least,
    int64_t most)
{
    cJSON  *range;

    if (least == most) {
        return;
    }

    range = social_doc_array(undecided, name);
    social_doc_append(range, cJSON_CreateNumber((double) least));
    social_doc_append(range, cJSON_CreateNumber((double) most));
}


/* value -1: there is none */

static void
social_tool_print_figure(cJSON *doc, const char *name, double value)
{
    if (value < 0) {
        social_doc_null(doc, name);

    } else {
        social_doc_number(doc, name, value);
    }
}


/* bytes of the log as a C string of UTF-8; *out is freed by the caller.  "":
 * no memory */

static const char *
social_tool_print_utf8(social_out_t *out, social_str_t text)
{
    int32_t               c;
    const unsigned char  *p, *end, *from;

    social_out_init(out, 4 * SOCIAL_TOOL_LOG_LINE);

    for (p = text.data, end = p + text.len; p < end; /* void */ ) {
        from = p;
        c = social_text_next(&p, end);

        if (c > 0) {
            social_out_bytes(out, from, (size_t) (p - from));

        } else {
            social_out_text(out, "\xef\xbf\xbd");
        }
    }

    social_out_bytes(out, "", 1);

    return out->failed ? "" : (const char *) out->data;
}


static void
social_tool_print_named(cJSON *doc, const char *name,
    const social_tool_named_t *list)
{
    cJSON         *object;
    social_out_t   out;

    object = social_doc_object(doc, name);

    for ( /* void */ ; list; list = list->next) {
        social_doc_number(object, social_tool_print_utf8(&out, list->name),
                          (double) list->n);
        social_out_free(&out);
    }
}


static void
social_tool_print_answers(cJSON *doc, cJSON *undecided,
    const social_tool_talked_t *talked)
{
    const social_tool_answers_t  *few, *many, *usual;

    usual = &talked->usual;
    few = &talked->few;
    many = &talked->many;

    social_doc_number(doc, "unanswered", (double) usual->unanswered);
    social_tool_print_figure(doc, "oldest_unanswered_seconds",
                             (double) usual->oldest);
    social_doc_number(doc, "matured", (double) usual->matured);
    social_doc_number(doc, "answered", (double) usual->answered);
    social_tool_print_figure(doc, "response_rate", usual->rate);
    social_tool_print_figure(doc, "first_author_reply_seconds", usual->median);
    social_tool_print_figure(doc, "first_author_reply_p90_seconds", usual->p90);

    social_tool_print_range(undecided, "unanswered", few->unanswered,
                            many->unanswered);
    social_tool_print_range(undecided, "matured", few->matured, many->matured);
    social_tool_print_range(undecided, "answered", few->answered,
                            many->answered);

    if (few->unanswered != many->unanswered) {
        social_doc_null(undecided, "oldest_unanswered_seconds");
    }

    if (few->matured != many->matured) {
        social_doc_null(undecided, "response_rate");
        social_doc_null(undecided, "first_author_reply_seconds");
        social_doc_null(undecided, "first_author_reply_p90_seconds");
    }
}


/* row NULL: the site */

static cJSON *
social_tool_print_doc(const social_tool_site_t *site,
    const social_tool_row_t *row, const social_tool_result_t *result)
{
    size_t                       i;
    cJSON                       *doc, *classes, *undecided;
    social_out_t                 out;
    const social_tool_talked_t  *talked;

    doc = cJSON_CreateObject();
    talked = &result->talked;

    if (row) {
        social_doc_text(doc, "key", social_tool_print_utf8(&out, row->key));
        social_out_free(&out);
    }

    social_doc_number(doc, "views", (double) result->views);
    classes = social_doc_object(doc, "views_by_class");

    for (i = 0; i < social_nelts(social_tool_classes); i++) {
        social_doc_number(classes, social_tool_classes[i].name,
                      (double) result->classes[social_tool_classes[i].class]);
    }

    social_tool_print_named(doc, "views_by_source", result->sources);
    social_doc_number(doc, "listeners", (double) result->listeners);
    social_doc_number(doc, "comments", (double) talked->comments);
    social_doc_number(doc, "author_comments", (double) talked->author_comments);
    social_doc_number(doc, "exchanges", (double) talked->exchanges[1]);
    social_doc_number(doc, "shares", (double) result->shares);
    social_tool_print_named(doc, "shares_by_network", result->shared);
    social_tool_print_named(doc, "previews_by_network", result->previewed);
    social_doc_number(doc, "reactions", (double) result->likes[0]);

    undecided = social_doc_object(doc, "undecided");
    social_tool_print_range(undecided, "exchanges", talked->exchanges[0],
                            talked->exchanges[1]);
    social_tool_print_range(undecided, "reactions", result->likes[0],
                            result->likes[1]);
    social_tool_print_answers(doc, undecided, talked);

    if (row == NULL) {
        social_tool_print_named(doc, "goals", site->goals);
        social_doc_number(doc, "held", (double) talked->held);
        social_tool_print_figure(doc, "oldest_held_seconds",
                                 (double) talked->oldest_held);
    }

    return doc;
}


typedef struct {
    size_t    n;            /* articles so far */
    unsigned  failed:1;
} social_tool_printing_t;


static void
social_tool_print_json(social_tool_printing_t *printing, const char *before,
    cJSON *doc)
{
    social_out_t  out;

    social_out_init(&out, 64 << 20);
    social_doc_print(&out, doc);

    if (out.failed) {
        printing->failed = 1;

    } else {
        fputs(before, stdout);
        (void) fwrite(out.data, 1, out.len, stdout);
    }

    social_out_free(&out);
}


static void
social_tool_json_result(void *data, const social_tool_site_t *site,
    const social_tool_row_t *row, const social_tool_result_t *result)
{
    const char              *before;
    social_tool_printing_t  *printing;

    printing = data;
    before = row == NULL ? (printing->n ? "\n ],\n \"totals\": "
                                        : "],\n \"totals\": ")
                         : (printing->n ? ",\n  " : "\n  ");

    social_tool_print_json(printing, before,
                           social_tool_print_doc(site, row, result));
    printing->n++;
}


int
social_tool_figures_json(social_tool_figures_t *figures, int64_t lines,
    int64_t broken)
{
    char                     time[3][SOCIAL_TIME_LEN + 1];
    cJSON                   *doc;
    social_out_t             out;
    social_tool_site_t      *site;
    social_tool_printing_t   printing;

    social_time_format(figures->now, time[0]);
    social_time_format(figures->from, time[1]);
    social_time_format(figures->to, time[2]);

    printf("{\"generated\": \"%s\",\n"
           "\"period\": {\"from\": \"%s\", \"to\": \"%s\"},\n"
           "\"lines\": %" PRId64 ", \"broken\": %" PRId64 ",\n\"sites\": [",
           time[0], time[1], time[2], lines, broken);

    printing.failed = 0;

    for (site = figures->sites; site; site = site->next) {
        printing.n = 0;

        doc = cJSON_CreateString(social_tool_print_utf8(&out, site->name));
        social_out_free(&out);
        social_tool_print_json(&printing, "\n{\"site\": ", doc);
        fputs(",\n \"articles\": [", stdout);

        if (social_tool_figures_results(figures, site, social_tool_json_result,
                                        &printing) != SOCIAL_OK
            || printing.failed)
        {
            return SOCIAL_ERROR;
        }

        printf(",\n \"missing\": %" PRId64 ", \"disorder\": %" PRId64 "}%s",
               site->missing, site->disorder, site->next ? "," : "");
    }

    fputs("\n]}\n", stdout);

    return SOCIAL_OK;
}


/* text, with nothing in it that a terminal would obey */

static void
social_tool_text_bytes(social_str_t text)
{
    size_t  i;

    for (i = 0; i < text.len; i++) {
        (void) putchar(text.data[i] < 0x20 || text.data[i] == 0x7f
                       ? '?' : text.data[i]);
    }
}


static const char *
social_tool_text_range(char cell[SOCIAL_TOOL_CELL], int64_t least, int64_t most)
{
    if (least == most) {
        (void) snprintf(cell, SOCIAL_TOOL_CELL, "%" PRId64, least);

    } else {
        (void) snprintf(cell, SOCIAL_TOOL_CELL, "%" PRId64 "-%" PRId64, least,
                        most);
    }

    return cell;
}


/* seconds as people say them: 40 s, 12 min, 3.5 h, 9 d */

static const char *
social_tool_text_seconds(char cell[SOCIAL_TOOL_CELL], double seconds)
{
    const char  *unit;

    if (seconds < 0) {
        return "-";
    }

    unit = "s";

    if (seconds >= 2 * SOCIAL_DAY) {
        seconds /= SOCIAL_DAY;
        unit = "d";

    } else if (seconds >= 7200) {
        seconds /= 3600;
        unit = "h";

    } else if (seconds >= 120) {
        seconds /= 60;
        unit = "min";
    }

    (void) snprintf(cell, SOCIAL_TOOL_CELL, "%.*f %s", unit[0] != 's'
                    && seconds < 10 ? 1 : 0, seconds, unit);

    return cell;
}


static void
social_tool_text_row(const social_tool_row_t *row,
    const social_tool_result_t *result)
{
    int                           open;
    char                          cells[5][SOCIAL_TOOL_CELL], rate[16];
    const social_tool_talked_t   *talked;
    const social_tool_answers_t  *usual;

    talked = &result->talked;
    usual = &talked->usual;
    open = talked->few.matured != talked->many.matured;
    (void) snprintf(rate, sizeof(rate), open ? "?" : usual->rate < 0 ? "-"
                    : "%.0f %%", usual->rate * 100);

    printf("%8" PRId64 " %9" PRId64 " %8" PRId64 " %8" PRId64 " %9s %8" PRId64
           " %8" PRId64 " %7s %10s %8s %11s  ",
           result->views, result->listeners, talked->comments,
           talked->author_comments,
           social_tool_text_range(cells[0], talked->exchanges[0],
                                  talked->exchanges[1]),
           result->shares, result->previews,
           social_tool_text_range(cells[1], result->likes[0], result->likes[1]),
           social_tool_text_range(cells[2], talked->few.unanswered,
                                  talked->many.unanswered),
           rate, open ? "?" : social_tool_text_seconds(cells[3],
                                                       usual->median));

    if (row) {
        social_tool_text_bytes(row->key);

    } else {
        fputs("all articles", stdout);
    }

    (void) putchar('\n');
}


static void
social_tool_text_named(const char *what, const social_tool_named_t *list)
{
    if (list == NULL) {
        return;
    }

    printf("%-20s", what);

    for ( /* void */ ; list; list = list->next) {
        (void) putchar(' ');
        social_tool_text_bytes(list->name);
        printf(" %" PRId64 "%s", list->n, list->next ? "," : "\n");
    }
}


static void
social_tool_text_result(void *data, const social_tool_site_t *site,
    const social_tool_row_t *row, const social_tool_result_t *result)
{
    char    cell[SOCIAL_TOOL_CELL];
    size_t  i;

    (void) data;

    social_tool_text_row(row, result);

    if (row) {
        return;
    }

    printf("\nviews by class      ");

    for (i = 0; i < social_nelts(social_tool_classes); i++) {
        printf("%s %s %" PRId64, i ? "," : "", social_tool_classes[i].name,
               result->classes[social_tool_classes[i].class]);
    }

    (void) putchar('\n');

    social_tool_text_named("views by source", result->sources);
    social_tool_text_named("shares by network", result->shared);
    social_tool_text_named("previews by network", result->previewed);
    social_tool_text_named("goals", site->goals);

    printf("%-20s %" PRId64 " of %" PRId64 ", nine in ten within %s\n",
           "answered in time", result->talked.usual.answered,
           result->talked.usual.matured,
           social_tool_text_seconds(cell, result->talked.usual.p90));
    printf("%-20s %s\n", "oldest unanswered",
           social_tool_text_seconds(cell,
                                    (double) result->talked.usual.oldest));
    printf("%-20s %" PRId64 "\n", "waiting for approval", result->talked.held);
}


int
social_tool_figures_text(social_tool_figures_t *figures)
{
    char                 time[3][SOCIAL_TIME_LEN + 1];
    social_tool_site_t  *site;

    social_time_format(figures->now, time[0]);
    social_time_format(figures->from, time[1]);
    social_time_format(figures->to, time[2]);

    for (site = figures->sites; site; site = site->next) {

        social_tool_text_bytes(site->name);
        printf(", from %s to %s, as of %s\n\n"
               "   views listeners comments  authors exchanges   shares"
               " previews   likes unanswered answered first reply  article\n",
               time[1], time[2], time[0]);

        if (social_tool_figures_results(figures, site, social_tool_text_result,
                                        NULL) != SOCIAL_OK)
        {
            return SOCIAL_ERROR;
        }

        fputs(site->next ? "\n\n" : "", stdout);
    }

    return SOCIAL_OK;
}
