
/*
 * Notices (src/core/social_notice.c): what the document tells and what it must
 * not tell; and the answers of receivers (social_notice_answer.c), whole and
 * byte by byte.
 */

#include <stdio.h>
#include <stdlib.h>

#include "social_json.h"
#include "social_notice.h"
#include "unit.h"


static char  key[] = "/posts/a/", title[] = "A <b>title</b>", name[] = "Ann",
             website[] = "", text[] = "Secret & text", reason[] = "links",
             parent_name[] = "Bob";


static social_comment_t
comment(social_state_e state)
{
    social_comment_t  c;

    memset(&c, 0, sizeof(c));

    c.id = 12;
    c.key = key;
    c.title = title;
    c.name = name;
    c.website = website;
    c.text = text;
    c.reason = reason;
    c.parent_name = parent_name;
    c.created = 1700000000;
    c.state = (uint8_t) state;

    return c;
}


static cJSON *
document(social_notice_e kind, const social_comment_t *c, unsigned with_text,
    const char *moderate)
{
    cJSON            *doc;
    social_out_t      out;
    social_notice_t   notice;

    memset(&notice, 0, sizeof(notice));

    notice.id = 7;
    notice.created = 1700000001;
    notice.kind = kind;
    notice.comment = c;
    notice.site = "blog";
    notice.origin = "https://blog.example";
    notice.base = "/b";
    notice.moderate = moderate;
    notice.text = with_text;

    social_out_init(&out, SOCIAL_NOTICE_MAX);
    social_notice_doc(&notice, &out);
    ok(!out.failed, "the document is written");

    social_out_bytes(&out, "", 1);
    doc = cJSON_Parse((char *) out.data);
    ok(doc != NULL, "it is JSON");
    social_out_free(&out);

    return doc;
}


static const char *
member(const cJSON *doc, const char *object, const char *item)
{
    const char  *value;

    if (object != NULL) {
        doc = cJSON_GetObjectItemCaseSensitive(doc, object);
    }

    value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(doc, item));

    return value ? value : "(none)";
}


static void
test_approved(void)
{
    cJSON             *doc;
    social_comment_t   c;

    c = comment(SOCIAL_APPROVED);
    doc = document(SOCIAL_NOTICE_COMMENT, &c, 0, "/_moderate/");

    is_str(member(doc, NULL, "text"),
           "Ann commented on \xe2\x80\x9c" "A \xe2\x80\xb9" "b\xe2\x80\xba"
           "title\xe2\x80\xb9/b\xe2\x80\xba\xe2\x80\x9d: "
           "https://blog.example/b/posts/a/#comment-c12\n"
           "Secret \xef\xbc\x86 text", "a sentence, a link, the text");
    is_str(member(doc, NULL, "id"), "n7-1700000001", "an id");
    is_str(member(doc, NULL, "event"), "comment", "an event");
    is_str(member(doc, NULL, "site"), "blog", "the site");
    is_str(member(doc, NULL, "time"), "2023-11-14T22:13:21Z", "the time");
    is_str(member(doc, NULL, "moderate"),
           "https://blog.example/b/_moderate/#comment-c12", "where to moderate");
    is_str(member(doc, "article", "key"), "/posts/a/", "the article");
    is_str(member(doc, "article", "title"), "A <b>title</b>", "as it is");
    is_str(member(doc, "comment", "text"), "Secret & text", "the text");
    is_str(member(doc, "comment", "state"), "approved", "the state");
    is_str(member(doc, "comment", "id"), "c12", "the comment's id");
    is_str(member(doc, "comment", "parent"), "(none)", "it is no reply");
    cJSON_Delete(doc);

    c.parent = 3;
    doc = document(SOCIAL_NOTICE_COMMENT, &c, 0, "");
    ok(strncmp(member(doc, NULL, "text"), "Ann replied to Bob on ", 22) == 0,
       "a reply");
    is_str(member(doc, "comment", "parent"), "c3", "and to which comment");
    is_str(member(doc, NULL, "moderate"), "(none)", "no moderation");
    cJSON_Delete(doc);
}


static void
test_held(void)
{
    char              *all;
    cJSON             *doc;
    social_comment_t   c;

    c = comment(SOCIAL_HELD);
    doc = document(SOCIAL_NOTICE_HELD, &c, 0, "/_moderate/");
    all = cJSON_Print(doc);
    ok(all && strstr(all, "Secret") == NULL, "no text of a held comment");
    ok(strncmp(member(doc, NULL, "text"),
               "A comment waits for approval: Ann on ", 37) == 0, "it waits");
    ok(strstr(member(doc, NULL, "text"),
              "https://blog.example/b/_moderate/#comment-c12") != NULL,
       "the link leads to the moderation");
    is_str(member(doc, "comment", "reason"), "links", "why");
    cJSON_free(all);
    cJSON_Delete(doc);

    doc = document(SOCIAL_NOTICE_HELD, &c, 1, "/_moderate/");
    is_str(member(doc, "comment", "text"), "Secret & text", "if asked for");
    cJSON_Delete(doc);

    /* held since it was queued as approved: what it is now counts */

    doc = document(SOCIAL_NOTICE_COMMENT, &c, 0, "/_moderate/");
    is_str(member(doc, "comment", "text"), "(none)", "its state now counts");
    cJSON_Delete(doc);

    c = comment(SOCIAL_APPROVED);
    doc = document(SOCIAL_NOTICE_REPORT, &c, 0, "/_moderate/");
    ok(strncmp(member(doc, NULL, "text"),
               "A reader reported a comment by Ann on ", 38) == 0, "reported");
    is_str(member(doc, NULL, "event"), "report", "the event says so");
    cJSON_Delete(doc);
}


/* what chats act on is not in `text`, whoever wrote it */

static void
test_hostile(void)
{
    cJSON             *doc;
    size_t             i;
    const char        *out;
    static char        bad[] = "<!channel> @everyone [x](http://e.example) "
                               "&lt;!here&gt; \xe2\x80\xae" "evil\x01\xff";
    static const char *marks[] = { "<", ">", "@", "[", "]", "&", "\x01",
                                   "\xe2\x80\xae", "\xff" };
    social_comment_t   c;

    c = comment(SOCIAL_APPROVED);
    c.name = bad;
    c.title = bad;
    c.text = bad;
    doc = document(SOCIAL_NOTICE_COMMENT, &c, 0, "");
    out = member(doc, NULL, "text");

    for (i = 0; i < social_nelts(marks); i++) {
        ok(strstr(out, marks[i]) == NULL, "mark %d", (int) i);
    }

    cJSON_Delete(doc);
}


static void
test_long(void)
{
    char              *big;
    size_t             len;
    cJSON             *doc;
    social_comment_t   c;

    len = 40000;
    big = malloc(len + 1);
    memset(big, 'x', len);
    big[len] = '\0';

    c = comment(SOCIAL_APPROVED);
    c.text = big;
    doc = document(SOCIAL_NOTICE_COMMENT, &c, 0, "");
    ok(strlen(member(doc, NULL, "text")) < 800, "the sentence has an excerpt");
    is_int((int64_t) strlen(member(doc, "comment", "text")), (int64_t) len,
           "the comment is whole");
    cJSON_Delete(doc);
    free(big);
}


/* reads at once, and byte by byte: both say the same */

static int
answer(const char *bytes, size_t len, social_answer_t *a)
{
    int              rc, each;
    size_t           i;
    social_answer_t  slow;

    memset(a, 0, sizeof(social_answer_t));
    rc = social_answer_read(a, (const unsigned char *) bytes, len);

    memset(&slow, 0, sizeof(social_answer_t));
    each = SOCIAL_AGAIN;

    for (i = 0; i < len && each == SOCIAL_AGAIN; i++) {
        each = social_answer_read(&slow, (const unsigned char *) bytes + i, 1);
    }

    ok(each == rc && slow.status == a->status && slow.retry == a->retry,
       "byte by byte, too");

    return rc;
}


static void
test_answers(void)
{
    size_t           i;
    social_answer_t  a;

    static const struct {
        const char  *bytes;
        int          rc, status, retry;
    } cases[] = {
        { "HTTP/1.1 200 OK\r\n\r\n", SOCIAL_OK, 200, 0 },
        { "HTTP/1.0 204\r\n\r\n", SOCIAL_OK, 204, 0 },
        { "HTTP/1.1 204 \n\n", SOCIAL_OK, 204, 0 },
        { "HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody", SOCIAL_OK, 200, 0 },
        { "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 C\r\n\r\n", SOCIAL_OK,
          201, 0 },
        { "HTTP/1.1 429 Slow\r\nRetry-After: 120 \r\n\r\n", SOCIAL_OK, 429,
          120 },
        { "HTTP/1.1 503 x\r\nretry-after:7\r\n\r\n", SOCIAL_OK, 503, 7 },
        { "HTTP/1.1 503 x\r\nRetry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n"
          "\r\n", SOCIAL_OK, 503, 0 },
        { "HTTP/1.1 503 x\r\nRetry-After: 99999999999999\r\n\r\n", SOCIAL_OK,
          503, 0 },
        { "HTTP/1.1 200 OK\r\nA: b\r\n", SOCIAL_AGAIN, 200, 0 },
        { "HTTP/1.1 20", SOCIAL_AGAIN, 0, 0 },
        { "HTTP/2 200\r\n\r\n", SOCIAL_DECLINED, 0, 0 },
        { "HTTP/1.1 20 OK\r\n\r\n", SOCIAL_DECLINED, 0, 0 },
        { "HTTP/1.1 2000 OK\r\n\r\n", SOCIAL_DECLINED, 0, 0 },
        { "HTTP/1.1 600 OK\r\n\r\n", SOCIAL_DECLINED, 0, 0 },
        { "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", SOCIAL_DECLINED, 200, 0 },
        { "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n", SOCIAL_DECLINED, 200,
          0 },
        { "HTTP/1.1 200 OK\r\nA b: c\r\n\r\n", SOCIAL_DECLINED, 200, 0 },
        { "HTTP/1.1 200 OK\r\n: c\r\n\r\n", SOCIAL_DECLINED, 200, 0 },
        { "<html>\n", SOCIAL_DECLINED, 0, 0 },
        { "\r\n", SOCIAL_DECLINED, 0, 0 },
        { "SSH-2.0-OpenSSH_9\r\n", SOCIAL_DECLINED, 0, 0 }
    };

    for (i = 0; i < social_nelts(cases); i++) {
        is_int(answer(cases[i].bytes, strlen(cases[i].bytes), &a),
               cases[i].rc, "an answer");
        printf("# case %d\n", (int) i);
        is_int(a.status, cases[i].status, "its status");
        is_int(a.retry, cases[i].retry, "Retry-After");
    }

    is_int(answer("HTTP/1.1 200\0 OK\r\n\r\n", 20, &a), SOCIAL_DECLINED,
           "a NUL");
}


static void
test_bounds(void)
{
    int              rc, i;
    social_answer_t  a;
    unsigned char    junk[1000];

    memset(junk, 'x', sizeof(junk));
    memset(&a, 0, sizeof(a));
    rc = SOCIAL_AGAIN;

    for (i = 0; rc == SOCIAL_AGAIN && i < 100; i++) {
        rc = social_answer_read(&a, junk, sizeof(junk));
    }

    is_int(rc, SOCIAL_DECLINED, "an endless line ends");
    ok(i <= SOCIAL_NOTICE_HEAD / 1000 + 1, "after 16 KB");

    memset(&a, 0, sizeof(a));
    (void) social_answer_read(&a, (const unsigned char *) "HTTP/1.1 200 OK\r\n",
                              17);

    for (rc = SOCIAL_AGAIN, i = 0; rc == SOCIAL_AGAIN && i < 100000; i++) {
        rc = social_answer_read(&a, (const unsigned char *) "A: b\r\n", 6);
    }

    is_int(rc, SOCIAL_DECLINED, "endless headers end");

    memset(&a, 0, sizeof(a));

    for (rc = SOCIAL_AGAIN, i = 0; rc == SOCIAL_AGAIN && i < 100; i++) {
        rc = social_answer_read(&a,
                                (const unsigned char *) "HTTP/1.1 102 P\r\n"
                                "\r\n", 18);
    }

    is_int(rc, SOCIAL_DECLINED, "endless interim answers end");
}


int
main(void)
{
    test_approved();
    test_held();
    test_hostile();
    test_long();
    test_answers();
    test_bounds();

    return done();
}
