
/*
 * Ids of comments: text and back.
 */

#include "social_id.h"
#include "unit.h"


static const struct {
    const char  *text;
    int64_t      id;
} ids[] = {
    { "c1",                     1 },
    { "c42",                    42 },
    { "c999999999999999999",    999999999999999999 },
    { "",                       0 },
    { "c",                      0 },
    { "1",                      0 },
    { "c0",                     0 },
    { "c01",                    0 },
    { "C1",                     0 },
    { "c1x",                    0 },
    { "c-1",                    0 },
    { " c1",                    0 },
    { "c1000000000000000000",   0 }
};


static const struct {
    const char  *text;
    int          good;
} origins[] = {
    { "1",                                      1 },
    { "4711",                                   1 },
    { "6fe7b1bd-2eaf-46e5-a0a2-fa29b34ee8b5",   1 },
    { "_aZ09",                                  1 },
    { "c1x",                                    1 },
    { "0123456789012345678901234567890123456789012345678901234567890123", 1 },
    { "01234567890123456789012345678901234567890123456789012345678901234", 0 },
    { "",                                       0 },
    { "c1",                                     0 },
    { "a b",                                    0 },
    { "1\"><script>",                           0 },
    { "1'",                                     0 },
    { "a.b",                                    0 },
    { "{{text}}",                               0 },
    { "@[`{",                                   0 },
    { "\xc3\xa9",                               0 }
};


static const struct {
    const char  *origin;
    const char  *anchor;
} anchors[] = {
    { "wordpress:4711",             "comment-4711" },
    { "disqus:4711",                "comment-4711" },
    { "isso:12",                    "isso-12" },
    { "remark42:6fe7b1bd-2eaf",     "remark42__comment-6fe7b1bd-2eaf" },
    { "commento:00a1",              "commento-00a1" },
    { "commento:6fe7b1bd-2eaf",     "comentario-6fe7b1bd-2eaf" },
    { "iss:1",                      "comment-1" },
    { "issos:1",                    "comment-1" },
    { ":1",                         "comment-1" },
    { "isso:1:2",                   "" },
    { "isso:c1",                    "" },
    { "isso:1\"><script>",          "" },
    { "isso:",                      "" },
    { "isso",                       "" },
    { "",                           "" },
    { "remark42:0123456789012345678901234567890123456789012345678901234567890"
      "123", "remark42__comment-0123456789012345678901234567890123456789012345"
      "678901234567890123" }
};


int
main(void)
{
    char     text[SOCIAL_ID_MAX], anchor[SOCIAL_ANCHOR_MAX];
    size_t   i, len;
    int64_t  id;

    for (i = 0; i < social_nelts(ids); i++) {
        id = social_id_parse((const unsigned char *) ids[i].text,
                             strlen(ids[i].text));
        ok(id == ids[i].id, "\"%s\" is %lld", ids[i].text, (long long) id);

        if (id) {
            len = social_id_text(id, text);
            is_str(text, ids[i].text, "and back");
            ok(len == strlen(text), "with its length");
        }
    }

    for (i = 0; i < social_nelts(origins); i++) {
        is_int(social_id_is_origin((const unsigned char *) origins[i].text,
                                   strlen(origins[i].text)),
               origins[i].good, origins[i].text);
    }

    ok(social_id_is_origin((const unsigned char *) "1\0", 2) == 0, "a NUL");

    for (i = 0; i < social_nelts(anchors); i++) {
        social_id_anchor(anchors[i].origin, anchor);
        is_str(anchor, anchors[i].anchor, anchors[i].origin);
    }

    ok(social_id_number((const unsigned char *) "25", 2) == 25, "a number");
    ok(social_id_number((const unsigned char *) "c25", 3) == 0,
       "an id is no number");

    return done();
}
