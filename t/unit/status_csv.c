
/*
 * CSV of the status (social_status_csv.c): read by a strict reader of RFC 4180
 * and compared with the document cell by cell; text that a spreadsheet would
 * run; failures.
 */

#include <math.h>

#include "unit.h"
#include "social_status_formats.h"
#include "social_status_state.h"


#define CELLS  4096
#define FORMULAS  "=+-@"


/* a file in cells: row r has the cells from first[r] to first[r + 1] */

static char   *cells[CELLS];
static size_t  ncells, first[CELLS], nrows;


static void
forget(void)
{
    while (ncells) {
        free(cells[--ncells]);
    }

    nrows = 0;
    first[0] = 0;
}


/* one cell; NULL: the file is malformed, else what follows it */

static const char *
cell(const char *p)
{
    char    *text;
    size_t   n;

    n = 0;
    text = malloc(strlen(p) + 1);

    if (*p == '"') {
        for (p++; *p && (*p != '"' || p[1] == '"'); p++) {
            p += (*p == '"');
            text[n++] = *p;
        }

        if (*p != '"') {
            free(text);
            return NULL;
        }

        p++;

    } else {
        while (*p && strchr("\",\r\n", *p) == NULL) {
            text[n++] = *p++;
        }
    }

    text[n] = '\0';
    cells[ncells++] = text;

    return p;
}


/* 1: each line ends with CRLF and has as many cells as the first one */

static int
parse(const social_out_t *out)
{
    const char  *p;
    char        *text;
    size_t       i;

    forget();
    text = strndup((const char *) out->data, out->len);

    for (p = text; p && *p; ) {
        p = cell(p);

        if (p && *p == ',') {
            p++;

        } else if (p && p[0] == '\r' && p[1] == '\n') {
            first[++nrows] = ncells;
            p += 2;

        } else {
            p = NULL;
        }
    }

    free(text);

    for (i = 0; i < nrows; i++) {
        if (first[i + 1] - first[i] != first[1]) {
            return 0;
        }
    }

    return p != NULL && nrows > 0 && first[nrows] == ncells;
}


/* the cell of a column in row r from 1; NULL: no such column */

static const char *
get(size_t r, const char *column)
{
    size_t  i;

    for (i = 0; i < first[1]; i++) {
        if (strcmp(cells[i], column) == 0) {
            return cells[first[r] + i];
        }
    }

    return NULL;
}


static int
write_csv(const char *json, social_out_t *out)
{
    int     rc;
    cJSON  *doc;

    doc = cJSON_Parse(json);
    social_out_init(out, 1 << 20);
    rc = social_status_csv(doc, out);
    cJSON_Delete(doc);

    return rc;
}


#define ARTICLES                                                              \
    "{\"totals\":{\"shares_by_network\":{\"reddit\":9},\"goals\":"            \
    "{\"sign up\":2},\"outcome_rate\":{\"sign up\":0.5}},\"articles\":["      \
    "{\"class\":\"quiet\",\"key\":\"/a/\",\"title\":\"Bread, \\\"salt\\\""    \
    "\\r\\nand water\",\"url\":\"https://blog.example/a/\",\"published\":"    \
    "\"2026-11-01T00:00:00Z\",\"first_seen\":null,\"views\":1234567,"         \
    "\"reader_days\":40,\"comments\":3,\"rank\":-0.25,"                       \
    "\"conversation_rate\":0.075,\"response_rate\":null,"                     \
    "\"denominator_suspect\":false,\"views_by_class\":{\"bot\":7,"            \
    "\"confirmed\":1},\"shares_by_network\":{\"x\":3},\"goals\":{},"          \
    "\"outcome_rate\":{}},"                                                   \
    "{\"class\":\"new\",\"key\":\"/\xc3\xbc/\",\"title\":\"\",\"url\":\"/%C3" \
    "%BC/\",\"views\":null,\"denominator_suspect\":true,"                     \
    "\"shares_by_network\":null}]}"


static void
is_cell(size_t r, const char *column, const char *want)
{
    char  what[128];

    snprintf(what, sizeof(what), "row %zu: %s", r, column);
    is_str(get(r, column), want, what);
}


static void
values(void)
{
    size_t                        i, missing;
    social_out_t                  out;
    const social_status_field_t  *field;

    is_int(write_csv(ARTICLES, &out), SOCIAL_OK, "two articles");
    ok(parse(&out), "each line has as many cells and ends with CRLF");
    is_int((int64_t) nrows, 3, "names and two articles");
    ok(out.len > 3 && memcmp(out.data, "class,key,title,url,", 20) == 0,
       "it begins with names, without a byte order mark");

    missing = 0;

    for (i = 0; (field = social_status_field((unsigned) i)) != NULL; i++) {
        missing += get(0, field->name) == NULL;
    }

    ok(i > 25 && missing == 0, "a column for each of the %zu figures", i);

    is_cell(1, "title", "Bread, \"salt\"\r\nand water");
    is_cell(1, "url", "https://blog.example/a/");
    is_cell(1, "published", "2026-11-01T00:00:00Z");
    is_cell(1, "first_seen", "");
    is_cell(1, "views", "1234567");
    is_cell(1, "rank", "-0.25");
    is_cell(1, "conversation_rate", "0.075");
    is_cell(1, "response_rate", "");
    is_cell(1, "denominator_suspect", "false");
    is_cell(1, "views_by_class.bot", "7");
    is_cell(1, "views_by_class.self", "");
    is_cell(1, "shares_by_network.x", "3");
    is_cell(1, "shares_by_network.reddit", "0");
    is_cell(1, "goals.sign up", "0");
    is_cell(1, "outcome_rate.sign up", "");

    is_cell(2, "key", "/\xc3\xbc/");
    is_cell(2, "title", "");
    is_cell(2, "views", "");
    is_cell(2, "denominator_suspect", "true");
    is_cell(2, "shares_by_network.x", "");

    social_out_free(&out);
}


/* does a program that skips spaces and quotes, and takes any of these for the
 * end of a cell, see a formula? */

static int
runs(const char *line)
{
    int          begins;
    const char  *p;

    begins = 1;

    for (p = line; *p; p++) {

        if (begins && (strchr(FORMULAS, *p)
                       || strncmp(p, "\xef\xbc\x9d", 3) == 0))
        {
            return 1;
        }

        if (strchr(",;|\t\r\n", *p)) {
            begins = 1;

        } else if (*p != ' ' && *p != '"') {
            begins = 0;
        }
    }

    return 0;
}


static void
formulas(void)
{
    char          what[32];
    size_t        i;
    cJSON        *doc, *articles, *article;
    social_out_t  out;
    const char   *got;

    static const struct {
        const char  *title, *want;
    } titles[] = {
        { "=1+1", "'=1+1" },
        { "+1", "'+1" },
        { "-2+3", "'-2+3" },
        { "@SUM(A1)", "'@SUM(A1)" },
        { "\t=1", "'\t'=1" },
        { "\r=1", "'\r'=1" },
        { "\nx", "'\nx" },
        { " =1", "' =1" },
        { "\"=1", "'\"=1" },
        { "'=1", "''=1" },
        { "\xef\xbc\x9d" "1", "'\xef\xbc\x9d" "1" },
        { "x;=1+1;y", "x;'=1+1;y" },
        { "x, \"=cmd|' /C calc'!A0", "x, \"'=cmd|' /C calc'!A0" },
        { "a\r\n@b", "a\r\n'@b" },
        { "a|-1", "a|'-1" },
        { "1 + 1 = 2", "1 + 1 = 2" },
        { "a-b", "a-b" },
        { "e=mc2; see -below", "e=mc2; see -below" },
        { "\xc3\xa9t\xc3\xa9", "\xc3\xa9t\xc3\xa9" }
    };

    doc = cJSON_CreateObject();
    articles = cJSON_AddArrayToObject(doc, "articles");

    for (i = 0; i < social_nelts(titles); i++) {
        article = cJSON_CreateObject();
        cJSON_AddStringToObject(article, "key", "/a/");
        cJSON_AddStringToObject(article, "title", titles[i].title);
        cJSON_AddItemToArray(articles, article);
    }

    social_out_init(&out, 1 << 20);
    is_int(social_status_csv(doc, &out), SOCIAL_OK, "dangerous titles");
    ok(parse(&out), "... are still CSV");

    for (i = 0; i < social_nelts(titles); i++) {
        got = get(i + 1, "title");
        snprintf(what, sizeof(what), "title %zu", i + 1);
        is_str(got, titles[i].want, what);
        ok(got && !runs(got), "... is no formula");
    }

    cJSON_Delete(doc);
    social_out_free(&out);
}


/* a label is a name of a column: a goal's is what somebody configured */

static void
labels(void)
{
    social_out_t  out;

    is_int(write_csv("{\"articles\":[{\"goals\":{\"a,\\\"b\\\";=1\":5}}]}",
                     &out), SOCIAL_OK, "a goal with a strange name");
    ok(parse(&out), "... is still a column");
    is_cell(1, "goals.a,\"b\";'=1", "5");
    social_out_free(&out);

    is_int(write_csv("{\"articles\":[]}", &out), SOCIAL_OK, "no article");
    ok(parse(&out) && nrows == 1, "... leaves the names");
    social_out_free(&out);

    is_int(write_csv("{}", &out), SOCIAL_OK, "no list of articles");
    ok(parse(&out) && nrows == 1, "... the same");
    social_out_free(&out);
}


/* cJSON's allocations until one fails */

static long  left = -1;


static void *
failing(size_t size)
{
    if (left == 0) {
        return NULL;
    }

    left -= (left > 0);

    return malloc(size);
}


static void
failures(void)
{
    long          n;
    int           rc, bad;
    cJSON        *doc;
    cJSON_Hooks   hooks = { failing, free };
    social_out_t  out;

    doc = cJSON_Parse(ARTICLES);

    for (n = 0; ; n++) {
        social_out_init(&out, (size_t) n);
        rc = social_status_csv(doc, &out);
        social_out_free(&out);

        if (rc == SOCIAL_OK) {
            break;
        }
    }

    ok(n > 500, "every limit below %ld bytes is an error", n);

    cJSON_InitHooks(&hooks);
    bad = 0;

    for (n = 0; ; n++) {
        left = n;
        social_out_init(&out, 1 << 20);
        rc = social_status_csv(doc, &out);
        bad += rc != SOCIAL_OK && rc != SOCIAL_ERROR;
        social_out_free(&out);

        if (rc == SOCIAL_OK) {
            break;
        }
    }

    left = -1;
    cJSON_InitHooks(NULL);
    ok(n > 5 && bad == 0, "each of %ld allocations may fail", n);

    cJSON_Delete(doc);
}


int
main(void)
{
    values();
    formulas();
    labels();
    failures();
    forget();

    return done();
}
