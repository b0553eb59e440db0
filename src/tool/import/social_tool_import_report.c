
/*
 * The report: how many comments there were of each reason, and which.  Counts
 * are in memory, notes in a temporary file, for there may be as many as
 * comments.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "social_doc.h"
#include "social_tool_import.h"


#define SOCIAL_TOOL_REASON   96
#define SOCIAL_TOOL_REASONS  256        /* different ones */


typedef struct {
    char     text[SOCIAL_TOOL_REASON];
    int64_t  n;
} social_tool_reason_t;


struct social_tool_report_s {
    social_tool_reason_t   reasons[SOCIAL_TOOL_REASONS];
    size_t                 nreasons;
    FILE                  *notes;       /* one line of JSON each */
    int64_t                nnotes;
    unsigned               failed:1;
};


/* nobody needs to look at these */

static const char *const  social_tool_report_silent[] = {
    "imported: approved", "imported: held", "imported: deleted",
    "imported: spam", "spam left out", "deleted left out"
};


/* comments that are not there because of these are missed by somebody */

static const char *const  social_tool_report_missed[] = {
    "empty left out", "id twice in the file", "thread missing",
    "thread deleted", "thread without address", "article: another host",
    "article: no permalink", "article not public", "no time"
};


social_tool_report_t *
social_tool_report_create(void)
{
    social_tool_report_t  *report;

    report = calloc(1, sizeof(social_tool_report_t));

    if (report != NULL) {
        report->notes = tmpfile();
    }

    if (report == NULL || report->notes == NULL) {
        (void) social_tool_fail(SOCIAL_TOOL_STORE,
                                "cannot create a temporary file (%s)",
                                strerror(errno));
        free(report);
        return NULL;
    }

    return report;
}


void
social_tool_report_destroy(social_tool_report_t *report)
{
    if (report != NULL) {
        (void) fclose(report->notes);
        free(report);
    }
}


static int
social_tool_report_is_one(const char *reason, const char *const *list,
    size_t n)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        if (strcmp(list[i], reason) == 0) {
            return 1;
        }
    }

    return 0;
}


static social_tool_reason_t *
social_tool_report_reason(social_tool_report_t *report, const char *text)
{
    size_t  i;

    for (i = 0; i < report->nreasons; i++) {
        if (strcmp(report->reasons[i].text, text) == 0) {
            return &report->reasons[i];
        }
    }

    if (report->nreasons < SOCIAL_TOOL_REASONS) {
        i = report->nreasons++;
        snprintf(report->reasons[i].text, SOCIAL_TOOL_REASON, "%s", text);
        return &report->reasons[i];
    }

    /* an attacker's names: the last one stands for all others */

    i = SOCIAL_TOOL_REASONS - 1;
    snprintf(report->reasons[i].text, SOCIAL_TOOL_REASON, "others");

    return &report->reasons[i];
}


void
social_tool_report_count(social_tool_report_t *report, const char *reason,
    int64_t n)
{
    if (n) {
        social_tool_report_reason(report, reason)->n += n;
    }
}


static void
social_tool_report_note(social_tool_report_t *report, const char *reason,
    social_str_t id, int64_t line)
{
    cJSON         *note;
    social_out_t   out, text;

    note = cJSON_CreateObject();
    social_out_init(&text, id.len * 3 + 64);
    social_tool_field_clean(&text, id, NULL);
    social_out_bytes(&text, "", 1);

    social_doc_text(note, "what", reason);

    if (id.len && !text.failed) {
        social_doc_text(note, "id", (const char *) text.data);
    }

    if (line > 0) {
        social_doc_number(note, "line", (double) line);
    }

    social_out_init(&out, id.len * 20 + 1024);

    social_doc_print(&out, note);

    if (out.failed
        || fwrite(out.data, 1, out.len, report->notes) != out.len
        || fputc('\n', report->notes) == EOF)
    {
        report->failed = 1;
    }

    report->nnotes++;
    social_out_free(&out);
    social_out_free(&text);
}


void
social_tool_report_add(social_tool_report_t *report, const char *reason,
    const char *name, social_str_t id, int64_t line)
{
    char                   text[SOCIAL_TOOL_REASON];
    social_tool_reason_t  *counted;

    snprintf(text, sizeof(text), "%s%s", reason, name ? name : "");

    counted = social_tool_report_reason(report, text);
    counted->n++;

    if (!social_tool_report_is_one(text, social_tool_report_silent,
                                   social_nelts(social_tool_report_silent)))
    {
        social_tool_report_note(report, counted->text, id, line);
    }
}


int
social_tool_report_is_partial(const social_tool_report_t *report)
{
    size_t  i;

    for (i = 0; i < report->nreasons; i++) {
        if (social_tool_report_is_one(report->reasons[i].text,
                                      social_tool_report_missed,
                                      social_nelts(social_tool_report_missed)))
        {
            return 1;
        }
    }

    return 0;
}


void
social_tool_report_print(const social_tool_report_t *report, FILE *out)
{
    size_t  i;

    for (i = 0; i < report->nreasons; i++) {
        fprintf(out, "%8" PRId64 "  %s\n", report->reasons[i].n,
                report->reasons[i].text);
    }
}


static int
social_tool_report_notes(social_tool_report_t *report, FILE *file)
{
    char     buf[8192];
    size_t   n, i;
    int64_t  left;

    left = report->nnotes;
    rewind(report->notes);

    while ((n = fread(buf, 1, sizeof(buf), report->notes)) > 0) {

        for (i = 0; i < n; i++) {

            if (buf[i] != '\n') {
                (void) fputc(buf[i], file);

            } else if (--left > 0) {
                (void) fputs(",\n  ", file);
            }
        }
    }

    return ferror(report->notes) ? SOCIAL_DECLINED : SOCIAL_OK;
}


int
social_tool_report_write(social_tool_report_t *report, const char *path)
{
    int           rc;
    FILE         *file;
    size_t        i;
    cJSON        *counts;
    social_out_t  out;

    file = strcmp(path, "-") == 0 ? stdout : fopen(path, "w");

    if (file == NULL) {
        return SOCIAL_DECLINED;
    }

    counts = cJSON_CreateObject();

    for (i = 0; i < report->nreasons; i++) {
        social_doc_number(counts, report->reasons[i].text,
                          (double) report->reasons[i].n);
    }

    social_out_init(&out, 1 << 20);
    social_doc_print(&out, counts);
    rc = out.failed ? SOCIAL_DECLINED : SOCIAL_OK;

    fprintf(file, "{\n \"report\": %.*s,\n \"notes\": [", (int) out.len,
            out.len ? (const char *) out.data : "");

    if (report->nnotes) {
        fputs("\n  ", file);
        rc |= social_tool_report_notes(report, file);
        fputs("\n ", file);
    }

    fputs("]\n}\n", file);

    social_out_free(&out);

    if (report->failed || ferror(file)) {
        rc = SOCIAL_DECLINED;
    }

    if (file != stdout && fclose(file) != 0) {
        rc = SOCIAL_DECLINED;
    }

    return rc == SOCIAL_OK ? SOCIAL_OK : SOCIAL_DECLINED;
}
