
/*
 * Threads as JSON documents: members and types of the API, nesting and its
 * limit, tombstones of removed comments, parents on other pages, memory; and
 * that long chains of replies take linear time.
 */

#include <time.h>

#include "unit.h"
#include "social_thread.h"


/* a list of n approved comments of Ann, a minute apart */

static void
fill(social_comments_t *list, size_t n)
{
    size_t  i;

    memset(list, 0, sizeof(*list));
    list->items = calloc(n, sizeof(social_comment_t));
    list->n = n;
    list->total = (int64_t) n;

    for (i = 0; i < n; i++) {
        list->items[i].id = (int64_t) i + 1;
        list->items[i].key = strdup("/posts/a/");
        list->items[i].title = strdup("A");
        list->items[i].name = strdup("Ann");
        list->items[i].website = strdup("");
        list->items[i].text = strdup("Hello");
        list->items[i].reason = strdup("");
        list->items[i].parent_name = strdup("");
        list->items[i].created = 1795319520 + (int64_t) i * 60;
        list->items[i].state = SOCIAL_APPROVED;
    }
}


static void
put(char **at, const char *text)
{
    free(*at);
    *at = strdup(text);
}


static void
is_json(cJSON *doc, const char *want, const char *what)
{
    char  *text;

    text = cJSON_PrintUnformatted(doc);
    is_str(text, want, what);
    free(text);
    cJSON_Delete(doc);
}


/* the ids of a nested list, such as "1 ( 2 ( 3 ) 4 ) 5 " */

static void
shape(const cJSON *list, char *out)
{
    const cJSON  *node, *replies;

    cJSON_ArrayForEach(node, list) {
        strcat(out, cJSON_GetObjectItem(node, "id")->valuestring);
        strcat(out, " ");
        replies = cJSON_GetObjectItem(node, "replies");

        ok(cJSON_IsTrue(cJSON_GetObjectItem(node, "has_replies"))
           == (replies->child != NULL), "has_replies is right");

        if (replies->child != NULL) {
            strcat(out, "( ");
            shape(replies, out);
            strcat(out, ") ");
        }
    }
}


static const cJSON *
find(const cJSON *list, const char *id)
{
    const cJSON  *node, *found;

    cJSON_ArrayForEach(node, list) {
        if (strcmp(cJSON_GetObjectItem(node, "id")->valuestring, id) == 0) {
            return node;
        }

        found = find(cJSON_GetObjectItem(node, "replies"), id);
        if (found) {
            return found;
        }
    }

    return NULL;
}


static void
is_shape(const social_comments_t *list, unsigned levels, const char *want)
{
    char    got[1024];
    cJSON  *nodes;

    got[0] = '\0';
    nodes = social_thread_nodes(list, levels, NULL);
    shape(nodes, got);
    is_str(got, want, "the shape of the thread");
    cJSON_Delete(nodes);
}


static cJSON *
printed(const social_comments_t *list, const char *key, size_t max)
{
    cJSON         *doc;
    social_out_t   out;

    doc = NULL;
    social_out_init(&out, max);

    if (social_thread_api(list, key, &out) == SOCIAL_OK) {
        doc = cJSON_ParseWithLength((char *) out.data, out.len);
        ok(out.len <= max && memchr(out.data, '<', out.len) == NULL,
           "the document is in its bounds, without a <");
    }

    social_out_free(&out);

    return doc;
}


/* a document that is too long for all comments ends after some of them */

static void
bounded(void)
{
    cJSON              *doc;
    size_t              max;
    const cJSON        *items;
    social_comments_t   list;

    fill(&list, 4);

    for (max = 500; max < 900; max++) {
        doc = printed(&list, "/posts/a/", max);
        items = cJSON_GetObjectItem(doc, "comments");

        if (cJSON_GetArraySize(items) == 4) {
            break;
        }

        ok(cJSON_GetArraySize(items) >= 1, "at least one comment");
        is_str(cJSON_GetStringValue(cJSON_GetObjectItem(doc, "next")),
               cJSON_GetStringValue(cJSON_GetObjectItem(
                   cJSON_GetArrayItem(items, cJSON_GetArraySize(items) - 1),
                   "id")), "next is the last that is there");
        cJSON_Delete(doc);
    }

    ok(max > 500 && max < 900, "all fit into %d bytes", (int) max);
    cJSON_Delete(doc);
    social_comments_free(&list);
}


static void
api(void)
{
    cJSON              *doc;
    social_comments_t   list;

    fill(&list, 4);
    put(&list.items[0].name, "Zo\xc3\xab \"<b>\"");
    put(&list.items[0].website, "https://zoe.example/");
    list.items[1].parent = 1;
    list.items[1].role = SOCIAL_AUTHOR;
    list.items[1].edited = 1795319999;
    put(&list.items[1].website, "javascript:alert(1)");
    list.items[2].state = SOCIAL_HELD;
    list.items[3].state = SOCIAL_DELETED;
    list.total = 9;
    list.next = 4;

    doc = printed(&list, "/posts/a/", 1 << 20);
    is_json(doc, "{\"article\":\"/posts/a/\",\"total\":9,\"comments\":["
            "{\"id\":\"c1\",\"parent\":null,"
            "\"name\":\"Zo\xc3\xab \\\"<b>\\\"\","
            "\"website\":\"https://zoe.example/\",\"author\":false,"
            "\"time\":\"2026-11-22T03:52:00Z\",\"edited\":null,"
            "\"html\":\"<p>Hello</p>\"},"
            "{\"id\":\"c2\",\"parent\":\"c1\","
            "\"name\":\"Ann\",\"website\":\"\","
            "\"author\":true,\"time\":\"2026-11-22T03:53:00Z\","
            "\"edited\":\"2026-11-22T03:59:59Z\",\"html\":\"<p>Hello</p>\"}],"
            "\"next\":\"c4\"}", "the API's document: approved ones only");
    social_comments_free(&list);

    memset(&list, 0, sizeof(list));
    is_json(printed(&list, "/b", 1 << 20), "{\"article\":\"/b\",\"total\":0,"
            "\"comments\":[],\"next\":null}", "an empty thread");
    is_json(social_thread_nodes(&list, 4, NULL), "[]",
            "an empty thread for templates");
}


static void
nesting(void)
{
    size_t              i;
    cJSON              *nodes;
    const cJSON        *node, *ref;
    social_comments_t   list;

    fill(&list, 8);

    for (i = 1; i < 6; i++) {
        list.items[i].parent = (int64_t) i;         /* a chain of six */
    }

    list.items[6].parent = 2;
    put(&list.items[4].name, "Eve");

    is_shape(&list, 4, "c1 ( c2 ( c3 ( c4 c5 c6 ) c7 ) ) c8 ");
    is_shape(&list, 2, "c1 ( c2 c3 c4 c5 c6 c7 ) c8 ");
    is_shape(&list, 1, "c1 c2 c3 c4 c5 c6 c7 c8 ");
    is_shape(&list, 0, "c1 c2 c3 c4 c5 c6 c7 c8 ");
    is_shape(&list, 99, "c1 ( c2 ( c3 ( c4 ( c5 ( c6 ) ) ) c7 ) ) c8 ");

    nodes = social_thread_nodes(&list, 4, NULL);
    node = find(nodes, "c4");
    ok(cJSON_IsFalse(cJSON_GetObjectItem(node, "in_reply_to")),
       "below its parent: no in_reply_to");
    ref = cJSON_GetObjectItem(find(nodes, "c6"), "in_reply_to");
    is_str(cJSON_GetStringValue(cJSON_GetObjectItem(ref, "id")), "c5",
           "beyond the limit: the id of its parent");
    is_str(cJSON_GetStringValue(cJSON_GetObjectItem(ref, "name")), "Eve",
           "... and its parent's name");
    cJSON_Delete(nodes);
    social_comments_free(&list);
}


static void
absent(void)
{
    cJSON              *nodes;
    const cJSON        *ref;
    social_comments_t   list;

    fill(&list, 6);
    list.items[0].parent = 77;                      /* on another page */
    put(&list.items[0].parent_name, "Old");
    list.items[1].state = SOCIAL_DELETED;
    list.items[1].role = SOCIAL_AUTHOR;
    list.items[1].edited = 5;
    put(&list.items[1].text, "secret");
    list.items[2].parent = 2;
    list.items[3].parent = 4;                       /* itself */
    list.items[4].parent = 6;                       /* a later comment */
    list.items[5].parent = 5;

    is_shape(&list, 4, "c1 c2 ( c3 ) c4 c5 ( c6 ) ");

    put(&list.items[2].origin, "isso:4711");          /* imported ones */
    put(&list.items[3].origin, "x:1\"><script>");
    put(&list.items[4].origin, "x:c6");

    nodes = social_thread_nodes(&list, 4, NULL);
    is_str(cJSON_GetStringValue(cJSON_GetObjectItem(find(nodes, "c3"),
                                                    "anchor")), "isso-4711",
           "the anchor that it had before");
    is_str(cJSON_GetStringValue(cJSON_GetObjectItem(find(nodes, "c4"),
                                                    "anchor")), "",
           "... but not one with markup");
    is_str(cJSON_GetStringValue(cJSON_GetObjectItem(find(nodes, "c5"),
                                                    "anchor")), "",
           "... and not one like ours");
    ref = cJSON_GetObjectItem(find(nodes, "c1"), "in_reply_to");
    is_str(cJSON_GetStringValue(cJSON_GetObjectItem(ref, "id")), "c77",
           "a parent on another page");
    is_str(cJSON_GetStringValue(cJSON_GetObjectItem(ref, "name")), "Old",
           "... with its name");

    cJSON_Delete(nodes);

    nodes = social_thread_node(&list.items[1], NULL);
    is_json(nodes, "{\"id\":\"c2\",\"name\":\"\",\"website\":\"\","
            "\"author\":false,\"time\":\"2026-11-22T03:53:00Z\","
            "\"time_text\":\"22 November 2026, 03:53 UTC\",\"edited\":false,"
            "\"anchor\":\"\",\"html\":\"\",\"deleted\":true,"
            "\"in_reply_to\":false,\"replies\":[],\"has_replies\":false}",
            "a tombstone has all members and no content");

    list.items[4].state = SOCIAL_HELD;
    list.items[0].state = SOCIAL_SPAM;
    is_shape(&list, 4, "c2 ( c3 ) c4 c6 ");

    nodes = social_thread_node(&list.items[4], NULL);
    is_str(cJSON_GetObjectItem(nodes, "html")->valuestring, "<p>Hello</p>",
           "a held one is rendered for its writer");
    cJSON_Delete(nodes);
    social_comments_free(&list);
}


static double
seconds(size_t n)
{
    size_t              i;
    cJSON              *nodes;
    struct timespec     from, to;
    social_comments_t   list;

    fill(&list, n);

    for (i = 1; i < n; i++) {
        list.items[i].parent = (int64_t) i;
    }

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    nodes = social_thread_nodes(&list, 4, NULL);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);

    ok(nodes != NULL, "a chain of %zu", n);
    cJSON_Delete(nodes);
    social_comments_free(&list);

    return (double) (to.tv_sec - from.tv_sec)
           + (double) (to.tv_nsec - from.tv_nsec) / 1e9;
}


static void
scaling(void)
{
    double  small, large;

    small = seconds(5000);
    large = seconds(100000);

    /* for 20 times as many comments; quadratic time would be 400 times */

    ok(large < small * 100 + 0.1, "linear time: %.3f s, then %.3f s", small,
       large);
}


/* each allocation fails once: no document, and no leak */

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
memory(void)
{
    long                i;
    cJSON              *doc, *nodes;
    cJSON_Hooks         hooks = { failing, free };
    social_comments_t   list;

    fill(&list, 4);
    list.items[1].parent = 1;
    list.items[2].parent = 2;
    list.items[3].parent = 77;
    list.items[3].edited = 1;
    cJSON_InitHooks(&hooks);

    for (i = 0; i < 2000; i++) {
        left = i;
        doc = printed(&list, "/posts/a/", 1 << 20);
        left = i;
        nodes = social_thread_nodes(&list, 2, NULL);

        if (doc != NULL && nodes != NULL) {
            break;
        }

        cJSON_Delete(doc);
        cJSON_Delete(nodes);
    }

    ok(i > 50 && i < 2000, "each of %ld allocations failed once", i);
    cJSON_Delete(doc);
    cJSON_Delete(nodes);
    left = -1;
    cJSON_InitHooks(NULL);
    social_comments_free(&list);
}


/* a comment whose HTML exceeds the limit is shown as plain text */

static void
endless(void)
{
    int                 i;
    char               *text;
    cJSON              *node;
    const char         *html;
    social_comments_t   list;

    fill(&list, 1);
    text = malloc(160001);
    memset(text, '"', 160000);
    text[160000] = '\0';
    free(list.items[0].text);
    list.items[0].text = text;

    node = social_thread_node(&list.items[0], NULL);
    ok(node != NULL, "a text of 160,000 quotes");
    cJSON_Delete(node);

    memset(text, '\0', 160001);

    for (i = 0; i < 10000 - 9; i += 9) {
        memcpy(text + i, "http://a ", 9);
    }

    node = social_thread_node(&list.items[0], NULL);
    html = cJSON_GetStringValue(cJSON_GetObjectItem(node, "html"));
    ok(html && strlen(html) < 6 * 10000 + 512 && strstr(html, "<a") == NULL,
       "1,100 short links are shown as typed");
    cJSON_Delete(node);

    strcpy(text, "see http://a.b and http://a.b/c?d=e");
    node = social_thread_node(&list.items[0], NULL);
    html = cJSON_GetStringValue(cJSON_GetObjectItem(node, "html"));
    ok(html && strstr(html, "<a href=\"http://a.b/c"),
       "two links are links");
    cJSON_Delete(node);
    social_comments_free(&list);
}


int
main(void)
{
    api();
    memory();
    endless();
    bounded();
    nesting();
    absent();
    scaling();

    return done();
}
