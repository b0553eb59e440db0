
/*
 * The cost of Markdown (src/core/markdown and md4c) for hostile texts: work
 * that is linear in the length of the text.
 *
 * Instructions are counted, not time: the program runs itself under valgrind,
 * whose tool callgrind counts those of the library, too, and writes a file for
 * each text.
 */

#include "social_comment_html.h"
#include "unit.h"

#include <dirent.h>
#include <sys/wait.h>
#include <unistd.h>

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_ZERO_STATS          do { } while (0)
#define CALLGRIND_DUMP_STATS_AT(name) do { } while (0)
#endif


#define SMALL  10000
#define LARGE  65536
#define MOST   4000     /* instructions for a byte */


typedef struct {
    const char  *head;
    const char  *piece;     /* repeated; half of the text, if there is */
    const char  *middle;    /* a middle, behind which follows */
    const char  *more;      /* ... this one, repeated */
} row_t;


static const row_t  rows[] = {
    { "", "x", NULL, NULL },
    { "", "a b\n", NULL, NULL },
    { "", "[", NULL, NULL },
    { "", "]", NULL, NULL },
    { "", "*", NULL, NULL },
    { "", "_", NULL, NULL },
    { "", "`", NULL, NULL },
    { "", ">", NULL, NULL },
    { "", "> ", NULL, NULL },
    { "", "<", NULL, NULL },
    { "", "&", NULL, NULL },
    { "", "\\", NULL, NULL },
    { "", "\n", NULL, NULL },
    { "", "\t", NULL, NULL },
    { "", "![", NULL, NULL },
    { "", "[](", NULL, NULL },
    { "", "[x](<", NULL, NULL },
    { "", "[a](b \"", NULL, NULL },
    { "", "- ", NULL, NULL },
    { "", "- a\n", NULL, NULL },
    { "", "1. a\n", NULL, NULL },
    { "", "-\n+\n", NULL, NULL },
    { "", "**a ", NULL, NULL },
    { "", "*a **a ", NULL, NULL },
    { "", "*_", NULL, NULL },
    { "", "_a*b", NULL, NULL },
    { "", "a* b_", NULL, NULL },
    { "", "`` ` ", NULL, NULL },
    { "", "<a@", NULL, NULL },
    { "", "<http://", NULL, NULL },
    { "", "&ngE;", NULL, NULL },
    { "", "&#1;", NULL, NULL },
    { "", "http://a.b ", NULL, NULL },
    { "", "http://a(", NULL, NULL },
    { "", "http://a@", NULL, NULL },
    { "", "http://a.b/...", NULL, NULL },
    { "", "[a]: /u\n", NULL, NULL },
    { "", "[a]: b 'c'\n", NULL, NULL },
    { "", "[a](http://b.c) ", NULL, NULL },
    { "[a]: http://b.c\n\n", "[a] ", NULL, NULL },
    { "", "```\n", NULL, NULL },
    { "", "    a\n\n", NULL, NULL },
    { "", "a\n=\n", NULL, NULL },
    { "", "***\n", NULL, NULL },
    { "", "[", "a", "]" },
    { "", "[", "a", "](b)" },
    { "", "*", "a", "*" },
    { "", "**a ", "b", " b**" },
    { "", "`", "a", "`" },
    { "", "> ", "a\n", "a\n" },

    /* what md4c alone would need the square of */

    { "", "- ", "a\n", "\n" },
    { "", "1. ", "a\n", "\n" },
    { "", "> - ", "a\n", ">\n" },
    { "", "- ", "```\n", "\n" },
    { "", "[a]: b\n'", "c", "[a]" },
    { "", "[", "a", "[a]: /u\n" },
    { "", "[a\n", "b", "]" },
    { "[a]: http://b.c/", "x", "\n\n", "[a]" },
    { "[a]: http://b.c/", "&amp;", "\n\n", "[a]" },
    { "[a]: http://b.c/", "x", "\n\n", "![a]" },
    { "[a]: http://b.c '", "x", "'\n\n", "[a]" }
};


static size_t
fill(char *text, size_t n, size_t end, const char *piece)
{
    size_t  len;

    for (len = strlen(piece); n + len <= end; n += len) {
        memcpy(text + n, piece, len);
    }

    return n;
}


/* under valgrind: the file of each text has the number of its row and size */

static int
work(void)
{
    char                 name[32];
    size_t               i, j, n, size;
    social_out_t         out;

    static char          text[LARGE + 64];
    static const size_t  sizes[] = { SMALL, LARGE };

    for (i = 0; i < social_nelts(rows); i++) {
        for (j = 0; j < 2; j++) {
            size = sizes[j];
            n = strlen(rows[i].head);
            memcpy(text, rows[i].head, n);
            n = fill(text, n, rows[i].more ? size / 2 : size, rows[i].piece);

            if (rows[i].more) {
                memcpy(text + n, rows[i].middle, strlen(rows[i].middle));
                n = fill(text, n + strlen(rows[i].middle), size, rows[i].more);
            }

            CALLGRIND_ZERO_STATS;

            social_comment_html(&out, SOCIAL_MARKDOWN, (unsigned char *) text,
                                n);
            (void) social_comment_html_links(SOCIAL_MARKDOWN,
                                             (unsigned char *) text, n);

            (void) snprintf(name, sizeof(name), "%zu.%zu", i, j);
            CALLGRIND_DUMP_STATS_AT(name);

            social_out_free(&out);
        }
    }

    return 0;
}


/* reads the files: "desc: Trigger: Client Request: 3.1", "totals: 12345" */

static void
read_file(const char *path, uint64_t counts[][2])
{
    char       line[512];
    FILE      *f;
    unsigned   i, j;
    uint64_t   n;

    f = fopen(path, "r");
    if (f == NULL) {
        return;
    }

    i = social_nelts(rows);
    j = 0;

    while (fgets(line, sizeof(line), f)) {

        if (sscanf(line, "desc: Trigger: Client Request: %u.%u", &i, &j) == 2) {
            continue;
        }

        if ((sscanf(line, "totals: %" SCNu64, &n) == 1
             || sscanf(line, "summary: %" SCNu64, &n) == 1)
            && i < social_nelts(rows) && j < 2)
        {
            counts[i][j] = n;
        }
    }

    fclose(f);
}


static void
read_files(const char *dir, uint64_t counts[][2])
{
    char            path[512];
    DIR            *d;
    struct dirent  *entry;

    d = opendir(dir);

    while (d && (entry = readdir(d))) {
        if (entry->d_name[0] == '.') {
            continue;
        }

        (void) snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
        read_file(path, counts);
        (void) unlink(path);
    }

    if (d) {
        closedir(d);
    }

    (void) rmdir(dir);
}


static int
valgrind(const char *self, const char *dir)
{
    int    status;
    char   file[512];
    pid_t  pid;

    (void) snprintf(file, sizeof(file), "--callgrind-out-file=%s/out", dir);

    pid = fork();

    if (pid == 0) {
        (void) execlp("valgrind", "valgrind", "-q", "--tool=callgrind", file,
                      self, "work", (char *) NULL);
        _exit(127);
    }

    return waitpid(pid, &status, 0) == pid ? status : -1;
}


int
main(int argc, char **argv)
{
    int       status;
    char      dir[] = "/tmp/markdown_work.XXXXXX";
    size_t    i;
    uint64_t  small, large;

    static uint64_t  counts[social_nelts(rows)][2];

    if (argc > 1) {
        return work();
    }

    if (mkdtemp(dir) == NULL) {
        return 1;
    }

    status = valgrind(argv[0], dir);
    read_files(dir, counts);

    if (status == 127 << 8) {
        printf("1..0 # SKIP there is no valgrind\n");
        return 0;
    }

    is_int(status, 0, "valgrind");

    for (i = 0; i < social_nelts(rows); i++) {
        small = counts[i][0];
        large = counts[i][1];

        if (!ok(small > 0 && large <= small * LARGE / SMALL * 5 / 4 + LARGE
                && large <= (uint64_t) LARGE * MOST, "linear: %s%s%s",
                rows[i].head, rows[i].piece, rows[i].more ? rows[i].more : ""))
        {
            printf("#   %" PRIu64 " for %d, %" PRIu64 " for %d\n", small,
                   SMALL, large, LARGE);
        }
    }

    return done();
}
