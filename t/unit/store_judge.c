
/*
 * The filter in the store (social_store_sqlite_judge.c): who teaches it, that
 * all is taken back exactly, what it holds, that its table is bounded, and
 * repeated texts.
 */

#include "store.h"

#include "social_judge.h"
#include "social_store_sqlite.h"


#define TAUGHT  "SELECT spam * 1000 + ham FROM taught"
#define TOKENS  "SELECT coalesce(sum(spam * 31 + ham * 17 + (hash & 255)), 0)" \
                " FROM token"
#define HELD_AS "SELECT count(*) FROM comment WHERE state = 2 AND reason LIKE "


static int64_t
count(const char *format, int64_t id)
{
    char  sql[256];

    (void) snprintf(sql, sizeof(sql), format, id);

    return ask(sql);
}


static void
rows_agree(const char *what)
{
    ok(ask("SELECT tokens = (SELECT count(*) FROM token) FROM taught"),
       "%s: the number of tokens is right", what);
}


/* a comment that others do not repeat */

static int64_t
say(social_store_t *store, int who, const char *about)
{
    static int  n;
    char        text[256];

    (void) snprintf(text, sizeof(text), "%s number%d", about, ++n);

    return post(store, comment(who, text));
}


/* each decision, and that the counts are what they were before it */

static void
test_taken_back(social_store_t *store)
{
    int64_t         id, tokens;
    social_write_t  w;

    id = say(store, 1, "A loaf of rye");
    tokens = ask(TOKENS);
    is_int(ask(TAUGHT), 0, "who writes teaches nothing");

    moderate(store, id, SOCIAL_ACT_APPROVE, NULL);
    is_int(ask(TAUGHT), 1, "approved: honest");
    ok(ask(TOKENS) != tokens, "with its tokens");
    moderate(store, id, SOCIAL_ACT_APPROVE, NULL);
    is_int(ask(TAUGHT), 1, "approved again: counted once");

    moderate(store, id, SOCIAL_ACT_SPAM, NULL);
    is_int(ask(TAUGHT), 1000, "spam: no longer honest");
    moderate(store, id, SOCIAL_ACT_DELETE, NULL);
    is_int(ask(TAUGHT), 0, "deleted: nothing");
    is_int(ask(TOKENS), tokens, "not a token is left");
    moderate(store, id, SOCIAL_ACT_RESTORE, NULL);
    is_int(ask(TAUGHT), 1, "restored: what it was before it was spam");

    moderate(store, id, SOCIAL_ACT_HOLD, NULL);
    is_int(ask(TAUGHT), 0, "held: nothing");
    moderate(store, id, SOCIAL_ACT_DONE, NULL);
    is_int(ask(TAUGHT), 1, "done: honest");
    moderate(store, id, SOCIAL_ACT_BAN, NULL);
    is_int(ask(TAUGHT), 1000, "banned: spam");
    rows_agree("after a ban");
    moderate(store, id, SOCIAL_ACT_RESTORE, NULL);

    w = on(SOCIAL_WRITE_EDIT, id);
    memset(w.commenter, 1, sizeof(w.commenter));
    w.text = str("Something else");
    is_int(put(store, &w), SOCIAL_WROTE, "its writer edits it");
    is_int(ask(TAUGHT), 0, "edited: nothing");
    is_int(ask(TOKENS), tokens, "not a token of the old text is left");

    moderate(store, id, SOCIAL_ACT_SPAM, NULL);
    moderate(store, id, SOCIAL_ACT_ERASE, NULL);
    is_int(ask(TAUGHT), 0, "erased: nothing");
    is_int(ask(TOKENS), tokens, "not a token is left");

    id = say(store, 7, "Another loaf");
    w = comment(0, "You are right, Ann");
    w.author = 1;
    w.name = str("Jo");
    w.parent = id;
    (void) post(store, w);
    is_int(ask(TAUGHT), 1, "answered by the author: honest");

    w = on(SOCIAL_WRITE_EDIT, id);
    memset(w.commenter, 7, sizeof(w.commenter));
    is_int(put(store, &w), SOCIAL_WROTE_NOTHING, "an edit of nothing");
    is_int(ask(TAUGHT), 1, "takes nothing back");

    w = on(SOCIAL_WRITE_ERASE, 0);
    memset(w.commenter, 7, sizeof(w.commenter));
    is_int(put(store, &w), SOCIAL_WROTE, "its writer erases everything");
    is_int(ask(TAUGHT), 0, "nothing");
    is_int(ask(TOKENS), tokens, "not a token is left");

    w = comment(0, "An author does not teach");
    w.author = 1;
    w.name = str("Jo");
    id = post(store, w);
    moderate(store, id, SOCIAL_ACT_DONE, NULL);
    is_int(ask(TAUGHT), 0, "an author's comment teaches nothing");
    rows_agree("in the end");
}


/* held comments that are too old are erased */

static void
test_retention(social_store_t *store)
{
    int64_t             id, tokens;
    social_retention_t  keep;

    tokens = ask(TOKENS);
    id = say(store, 8, "Waits for long");
    moderate(store, id, SOCIAL_ACT_HOLD, NULL);
    moderate(store, id, SOCIAL_ACT_DONE, NULL);
    is_int(ask(TAUGHT), 1, "a held one that is done teaches");

    memset(&keep, 0, sizeof(keep));
    keep.now = NOW + 86400;
    keep.events = 400 * 86400;
    keep.held = 3600;

    while (social_store_age(store, &keep, &err) == SOCIAL_AGAIN) { /* void */ }

    is_int(count("SELECT state FROM comment WHERE id = %lld", id),
           SOCIAL_DELETED, "until it is too old");
    is_int(ask(TAUGHT), 0, "then that is taken back");
    is_int(ask(TOKENS), tokens, "with its tokens");
}


static void
teach(social_store_t *store, int n)
{
    int  i;

    for (i = 0; i < n; i++) {
        moderate(store, say(store, 20 + i, "Cheap casino http://win.example/ "
                            "http://bet.example/ best"), SOCIAL_ACT_SPAM, NULL);
        moderate(store, say(store, 60 + i, "My bread did not rise at night"),
                 SOCIAL_ACT_APPROVE, NULL);
    }
}


static void
test_held(social_store_t *store)
{
    int64_t         id;
    social_write_t  w;

    teach(store, SOCIAL_JUDGE_LEAST - 1);
    id = say(store, 2, "The best casino http://a.example/ http://b.example/");
    is_int(count("SELECT state FROM comment WHERE id = %lld", id),
           SOCIAL_APPROVED, "19 decisions of each kind: nothing is judged");

    teach(store, 1);
    id = say(store, 3, "The best casino http://c.example/ http://d.example/");
    is_int(count(HELD_AS "'like what you marked as spam: %%casino%%'"
                 " AND id = %lld", id), 1,
           "20: it is held, and the reason has its words");
    is_int(ask(TAUGHT), 20020, "which teaches nothing");

    w = on(SOCIAL_WRITE_EDIT, id);
    memset(w.commenter, 3, sizeof(w.commenter));
    w.text = str("How long did your bread rise at night?");
    is_int(put(store, &w), SOCIAL_WROTE, "its writer takes the words out");
    is_int(count(HELD_AS "'edited' AND id = %lld", id), 1,
           "it waits on, and the reason has them no more");

    id = say(store, 4, "How long did your bread rise?");
    is_int(count("SELECT state FROM comment WHERE id = %lld", id),
           SOCIAL_APPROVED, "an honest one is not held");

    w = on(SOCIAL_WRITE_EDIT, id);
    memset(w.commenter, 4, sizeof(w.commenter));
    w.text = str("Cheap casino http://x.example/ http://y.example/ best!");
    is_int(put(store, &w), SOCIAL_WROTE, "until it is edited");
    is_int(w.wrote_state, SOCIAL_HELD, "to be spam");

    w = comment(0, "Cheap casino http://m.example/ http://n.example/ best?");
    w.author = 1;
    w.name = str("Jo");
    is_int(put(store, &w), SOCIAL_WROTE, "an author may say what he likes");
    is_int(w.wrote_state, SOCIAL_APPROVED, "and is not held");

    w = comment(5, "Cheap casino http://o.example/ http://p.example/ best...");
    w.state = SOCIAL_HELD;
    w.reason = str("all comments are held");
    w.all = 1;
    id = post(store, w);
    is_int(count(HELD_AS "'like what%%' AND id = %lld", id), 1,
           "where all are held, the filter still gives its reason");
}


static void
test_repeated(social_store_t *store)
{
    int64_t         id;
    social_write_t  w;

    static const char  text[] =
        "I have read all of this twice and still do not agree";

    id = post(store, comment(90, text));
    is_int(count("SELECT state FROM comment WHERE id = %lld", id),
           SOCIAL_APPROVED, "a text is said");

    w = comment(91, "I HAVE READ ALL OF THIS TWICE, and still do not agree!!");
    w.key = str("/b/");
    id = post(store, w);
    is_int(count(HELD_AS "'repeated text' AND id = %lld", id), 1,
           "somebody else says it elsewhere: held");

    w = comment(92, text);
    w.now = NOW + 8 * 86400;
    id = post(store, w);
    is_int(count("SELECT state FROM comment WHERE id = %lld", id),
           SOCIAL_APPROVED, "a week later it may be said again");

    (void) post(store, comment(93, "Thank you!"));
    id = post(store, comment(94, "Thank you!"));
    is_int(count("SELECT state FROM comment WHERE id = %lld", id),
           SOCIAL_APPROVED, "what many say is not held");
}


/* too many tokens: half of them goes, and what is taken back is still exact */

static void
test_bounded(social_store_t *store)
{
    int64_t  id, before, after;

    tell("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
         " WHERE i < 200000)"
         " INSERT INTO token SELECT i * 7919, 1, 0 FROM n WHERE true"
         " ON CONFLICT DO NOTHING;"
         " UPDATE taught SET tokens = (SELECT count(*) FROM token)");

    id = say(store, 95, "Words that nobody has said: zyx wvu tsr qpo");
    moderate(store, id, SOCIAL_ACT_SPAM, NULL);
    ok(ask("SELECT count(*) FROM token") < 110000, "half of the tokens went");
    is_int(ask("SELECT count(*) FROM token WHERE (hash & 1) <> 0"), 0,
           "by their hashes");
    is_int(ask("SELECT level FROM taught"), 1, "the store knows it");
    ok(ask("SELECT count(*) FROM token WHERE (hash & 65535) = 0"
           " AND spam + ham >= 20") > 0, "traits of comments stay");
    rows_agree("bounded");

    id = say(store, 96, "Other words again: abc def ghi jkl mno");
    before = ask(TOKENS);
    moderate(store, id, SOCIAL_ACT_APPROVE, NULL);
    ok(ask(TOKENS) != before, "a comment still teaches");
    moderate(store, id, SOCIAL_ACT_DELETE, NULL);
    after = ask(TOKENS);
    is_int(after, before, "and what it taught is taken back exactly");
    is_int(ask("SELECT count(*) FROM token WHERE spam < 0 OR ham < 0"), 0,
           "no count is negative");
}


/* nothing that can be read is in the tables of the filter */

static void
test_private(void)
{
    is_int(ask("SELECT count(*) FROM token WHERE typeof(hash) <> 'integer'"
               " OR typeof(spam) <> 'integer' OR typeof(ham) <> 'integer'"), 0,
           "tokens are numbers");
    is_int(ask("SELECT count(*) FROM pragma_table_info('token')"), 3,
           "a hash and two counts");
}


int
main(void)
{
    social_store_t  *store;

    fresh();
    store = must_open(1);
    test_taken_back(store);
    test_retention(store);
    test_held(store);
    test_repeated(store);
    test_bounded(store);

    if (!on_postgres()) {
        test_private();                 /* there a column has one type */
    }

    social_store_close(store);
    clean();

    return done();
}
