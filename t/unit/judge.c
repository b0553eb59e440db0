
/*
 * The filter that learns: what its tokens are, what it says, and how well it
 * judges the comments of t/corpora/comments, of families it was never taught.
 */

#include "social_judge.h"
#include "unit.h"


#define COMMENTS  6000
#define SLOTS     (1u << 18)            /* counts, by hash */


typedef struct {
    char           *line;               /* to which the tokens point */
    int             spam, train;
    char            family[32], language[8];
    social_judge_t  judge;
} comment_t;


typedef struct {
    uint64_t  hash;
    int64_t   spam, honest;
} count_t;


static const unsigned char  key[SOCIAL_SIPHASH_KEY] = "a site's secret";

static comment_t  *comments;
static size_t      ncomments;
static count_t     counts[SLOTS];
static int64_t     spam, honest;


static social_str_t
str(const char *text)
{
    social_str_t  s;

    s.data = (const unsigned char *) text;
    s.len = strlen(text);

    return s;
}


static count_t *
count_of(uint64_t hash)
{
    uint32_t  i;

    i = (uint32_t) (hash >> 46);

    while (counts[i].hash && counts[i].hash != hash) {
        i = (i + 1) % SLOTS;
    }

    counts[i].hash = hash;

    return &counts[i];
}


static void
teach(const comment_t *c, int n)
{
    size_t    i;
    count_t  *count;

    for (i = 0; i < c->judge.n; i++) {
        count = count_of(c->judge.tokens[i].hash);
        *(c->spam ? &count->spam : &count->honest) += n;
    }

    *(c->spam ? &spam : &honest) += n;
}


static int
held(comment_t *c, char *reason)
{
    size_t    i;
    count_t  *count;

    for (i = 0; i < c->judge.n; i++) {
        count = count_of(c->judge.tokens[i].hash);
        c->judge.tokens[i].spam = count->spam;
        c->judge.tokens[i].honest = count->honest;
    }

    return social_judge(&c->judge, spam, honest, reason);
}


static void
forget_all(void)
{
    memset(counts, 0, sizeof(counts));
    spam = 0;
    honest = 0;
}


/* a line of the corpus, which it changes */

static void
read_line(char *line)
{
    int                      i;
    char                    *field[8], *from, *to;
    comment_t               *c;
    social_judge_comment_t   comment;

    line[strcspn(line, "\n")] = '\0';

    for (i = 0; i < 8; i++) {
        field[i] = strsep(&line, "\t");
    }

    for (from = to = field[7]; *from; from++) {
        if (from[0] == '\\' && from[1] == 'n') {
            *to++ = '\n';
            from++;
        } else {
            *to++ = *from;
        }
    }

    *to = '\0';

    c = &comments[ncomments++];
    c->line = field[0];
    c->spam = (strcmp(field[0], "spam") == 0);
    c->train = (strcmp(field[1], "train") == 0);
    (void) snprintf(c->family, sizeof(c->family), "%s", field[2]);
    (void) snprintf(c->language, sizeof(c->language), "%s", field[3]);

    comment.source = str(field[4]);
    comment.name = str(field[5]);
    comment.website = str(field[6]);
    comment.text = str(field[7]);
    comment.format = SOCIAL_MARKDOWN;

    social_judge_read(&c->judge, key, &comment);
}


static void
read_corpus(void)
{
    char    *line;
    FILE    *made;
    size_t   size;

    comments = calloc(COMMENTS, sizeof(comment_t));
    made = popen("perl t/corpora/comments/make.pl", "r");
    line = NULL;
    size = 0;

    while (ncomments < COMMENTS && getline(&line, &size, made) > 0) {
        read_line(line);
        line = NULL;
    }

    free(line);
    ok(pclose(made) == 0 && ncomments > 2000, "the corpus: %zu comments",
       ncomments);
}


/* prints what was held of each family of spam, or language of honest ones, of
 * the split that was not trained; returns the share of all, in 1/10000 */

static int64_t
judge_all(int kind)
{
    char         reason[SOCIAL_JUDGE_REASON];
    size_t       i, k, n, hit, all, hits;
    const char  *name, *other;

    all = 0;
    hits = 0;

    for (i = 0; i < ncomments; i++) {
        name = kind ? comments[i].family : comments[i].language;

        if (comments[i].train || comments[i].spam != kind) {
            continue;
        }

        for (k = 0, n = 0, hit = 0; k < ncomments; k++) {
            other = kind ? comments[k].family : comments[k].language;

            if (comments[k].train || comments[k].spam != kind
                || strcmp(name, other) != 0)
            {
                continue;
            }

            if (k < i) {
                break;                  /* this family was counted */
            }

            n++;
            hit += (size_t) held(&comments[k], reason);
        }

        if (n) {
            printf("# %s %s: %zu of %zu held\n", kind ? "spam" : "honest",
                   name, hit, n);
        }

        all += n;
        hits += hit;
    }

    return (int64_t) (hits * 10000 / all);
}


static void
test_accuracy(void)
{
    size_t   i;
    int64_t  share;
    char     reason[SOCIAL_JUDGE_REASON];

    for (i = 0; i < ncomments; i++) {
        if (comments[i].train) {
            teach(&comments[i], 1);
        }
    }

    share = judge_all(1);
    ok(share >= 9500, "spam of families it was not taught: %.2f %% held",
       (double) share / 100);

    share = judge_all(0);
    ok(share <= 100, "honest comments: %.2f %% held", (double) share / 100);

    for (i = 0; i < ncomments; i++) {
        if (comments[i].train) {
            teach(&comments[i], -1);
        }
    }

    ok(spam == 0 && honest == 0, "all was taken back");

    for (i = 0, share = 0; i < SLOTS; i++) {
        share += (counts[i].spam != 0 || counts[i].honest != 0);
    }

    is_int(share, 0, "and nothing is left of it");
    ok(!held(&comments[0], reason), "who knows nothing holds nothing");
}


/* counts of two halves, added up, say what one that was taught all says */

static void
test_merge(void)
{
    char      whole[SOCIAL_JUDGE_REASON], sum[SOCIAL_JUDGE_REASON];
    size_t    i, k, differ;
    count_t  *half;
    int64_t   n[2];

    half = calloc(SLOTS, sizeof(count_t));

    for (i = 0; i < ncomments; i += 2) {
        teach(&comments[i], 1);
    }

    memcpy(half, counts, sizeof(counts));
    n[0] = spam;
    n[1] = honest;
    forget_all();

    for (i = 1; i < ncomments; i += 2) {
        teach(&comments[i], 1);
    }

    for (k = 0; k < SLOTS; k++) {
        if (half[k].hash) {
            count_of(half[k].hash)->spam += half[k].spam;
            count_of(half[k].hash)->honest += half[k].honest;
        }
    }

    spam += n[0];
    honest += n[1];
    free(half);

    half = calloc(ncomments, sizeof(count_t));

    for (i = 0; i < ncomments; i += 7) {
        sum[0] = '\0';
        half[i].spam = held(&comments[i], sum);
        half[i].hash = social_siphash(key, sum, strlen(sum));
    }

    forget_all();

    for (i = 0; i < ncomments; i++) {
        teach(&comments[i], 1);
    }

    for (i = 0, differ = 0; i < ncomments; i += 7) {
        whole[0] = '\0';
        differ += (half[i].spam != held(&comments[i], whole)
                   || half[i].hash != social_siphash(key, whole,
                                                     strlen(whole)));
    }

    is_int((int64_t) differ, 0, "counts of two machines can be added up");
    free(half);
    forget_all();
}


static void
make(comment_t *c, int kind, const char *name, const char *site,
    const char *text)
{
    social_judge_comment_t  comment;

    memset(&comment, 0, sizeof(comment));
    c->spam = kind;
    comment.name = str(name);
    comment.website = str(site);
    comment.text = str(text);
    comment.format = SOCIAL_MARKDOWN;
    social_judge_read(&c->judge, key, &comment);
}


static void
test_reason(void)
{
    int        i;
    char       reason[SOCIAL_JUDGE_REASON];
    comment_t  bad, good, c;

    make(&bad, 1, "Ann", "", "Best casino http://a.example/x "
         "http://b.example/x http://c.example/x of all");
    make(&good, 0, "Ann", "", "The bread of my aunt rises all night");

    for (i = 0; i < SOCIAL_JUDGE_LEAST - 1; i++) {
        teach(&bad, 1);
        teach(&good, 1);
    }

    make(&c, 1, "Bob", "", "BEST \xd0\x9c Casino http://d.example/y "
         "http://e.example/y http://f.example/y ever");
    ok(!held(&c, reason), "nothing is held with 19 decisions of each kind");

    teach(&bad, 1);
    ok(!held(&c, reason), "nor with 20 of one kind");

    teach(&good, 1);
    ok(held(&c, reason), "with 20 of each kind it is held");
    ok(strncmp(reason, SOCIAL_JUDGE_LIKE ": ",
               sizeof(SOCIAL_JUDGE_LIKE ": ") - 1) == 0,
       "the reason begins as all do");
    ok(strstr(reason, "casino") && strstr(reason, "best")
       && strstr(reason, "3 links"), "it has words of the comment: %s",
       reason);

    make(&c, 0, "Bob", "", "My bread did not rise at night");
    ok(!held(&c, reason), "an honest comment is not held");

    make(&c, 0, "Bob", "", "Something else entirely");
    ok(!held(&c, reason), "nor one that says nothing");
}


static void
test_bounds(void)
{
    char      *text;
    size_t     i, len;
    comment_t  c;

    text = malloc(60000);

    for (i = 0, len = 0; len < 50000; i++) {
        len += (size_t) sprintf(text + len, "w%zx http://h%zu.example/ ", i,
                                i);
    }

    make(&c, 0, "A\xff\xfe", "https://w.example/", text);
    is_int((int64_t) c.judge.n, SOCIAL_JUDGE_TOKENS,
           "a long comment has no more tokens than others may have");

    memset(text, 'a', 50000);
    text[50000] = '\0';
    make(&c, 0, "", "", text);
    ok(c.judge.n < 30, "a word of 50,000 letters is one word");

    make(&c, 0, "", "", "");
    ok(c.judge.n > 0 && c.judge.n < 10, "an empty comment has traits only");

    free(text);
}


static void
test_same(void)
{
    uint64_t  a;

    a = social_judge_same(key, str("The very same text, sent again and again"));

    ok(a != 0, "a text is known again");
    ok(a == social_judge_same(key,
                str("the VERY same text -- sent again, and again!")),
       "whatever stands between the words");
    ok(a != social_judge_same(key,
                str("The very same text, sent again and agaim")),
       "another letter makes it another text");
    ok(social_judge_same(key, str("Thank you so much!")) == 0,
       "what everybody says is not compared");
}


int
main(void)
{
    read_corpus();
    test_accuracy();
    test_merge();
    test_reason();
    test_bounds();
    test_same();

    while (ncomments) {
        free(comments[--ncomments].line);
    }

    free(comments);

    return done();
}
