
/*
 * ngx-social: works on a site's store without nginx.  To add a command, add
 * its function to social_tool.h and a row here.
 */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "social_tool.h"


static const social_tool_command_t  social_tool_commands[] = {
    { "import",
      "FORMAT FILE|- --store URL [--origin URL]\n"
      "            [--map OLD=NEW|FILE]... [--slash keep|add|drop] "
      "[--author NAME|ID]...\n"
      "            [--with-spam] [--source NAME] [--dry-run] [--report FILE]",
      "take in the comments of another system; as often as you like",
      "  FORMAT                disqus, wordpress, isso, remark42, commento (1, "
      "and\n"
      "                        Comentario 3), jsonl (ours); gzip is "
      "recognised\n"
      "  --store URL           nginx may be running\n"
      "  --origin URL          your site: articles of other hosts are left "
      "out\n"
      "  --map OLD=NEW         an article that moved; /old/*=/new/* for all "
      "below;\n"
      "                        or a file with one of these on each line\n"
      "  --slash add|drop      the slash at the end of addresses\n"
      "  --author NAME|ID      comments of this name, login or id are the "
      "author's\n"
      "  --with-spam           take in spam, too, as spam\n"
      "  --source NAME         the name by which these comments are known "
      "again\n"
      "  --dry-run             only report what would happen\n"
      "  --report FILE         all that was left out or changed, as JSON\n"
      "\n"
      "What is there already is left as it is. docs/import.md is the manual.\n",
      social_tool_import },
    { "export", "--store URL [--to FILE] [--with-secret]",
      "write everything as lines of JSON",
      "  --to FILE             in place of standard output; only you may read "
      "it\n"
      "  --with-secret         with the site's secret: cookies and tokens that "
      "are\n"
      "                        out stay valid; keep such a file like a "
      "password\n",
      social_tool_export },
    { "copy", "FROM TO",
      "copy a store, with its secret, into an empty one",
      "  FROM TO               stores, each of SQLite or PostgreSQL: see "
      "ngx-social help\n"
      "\n"
      "Cookies, tokens and share tags of the old store are valid in the new "
      "one. Stop\nnginx before, if the new one is to take the old one's place: "
      "docs/operations.md.\n",
      social_tool_copy },
    { "check", "--store URL",
      "look for damage; changes nothing",
      "Prints a line for each thing that was looked at; exits with 1 if one is "
      "wrong.\n",
      social_tool_check },
    { "erase", "--store URL ID | --same-as ID | --source NAME",
      "erase a comment, all of its writer's, or take an import back",
      "  ID                    of a comment, such as c12\n"
      "  --same-as ID          all comments of the person who wrote this one\n"
      "  --source NAME         all that was imported under this name; a "
      "corrected\n"
      "                        import can follow\n",
      social_tool_erase },
    { "nodes", "--store URL [--forget NAME]",
      "list the machines that share a store, or forget one that is gone",
      "  --store URL           in PostgreSQL; nginx may be running\n"
      "  --forget NAME         a machine that died and will not come back: it "
      "is no\n"
      "                        longer named, and its alert ends\n"
      "\n"
      "Prints a line for each: alive or gone, host and port, version, when it "
      "was seen\nlast, and when all that it had counted was saved. One whose "
      "nginx is stopped is\nforgotten by itself.\n",
      social_tool_nodes },
    { "seed",
      "--store URL [--origin URL] [--days N] [--end YYYY-MM-DD]\n"
      "            [--articles-from FILE]",
      "fill an empty store with the past of an invented blog",
      "  --store URL           is created, or must be empty\n"
      "  --origin URL          for the addresses of articles, without a slash "
      "at the end\n"
      "  --days N              how much of the past, 1 to 90 days (90)\n"
      "  --end YYYY-MM-DD      its last day, in UTC (yesterday)\n"
      "  --articles-from FILE  articles, readers and comments in place of the "
      "built-in\n"
      "                        ones; docs/operations.md describes the file\n"
      "\n"
      "The same arguments make the same past.\n",
      social_tool_seed },
    { "figures",
      "LOG...|- [--period NAME | --from DAY --to DAY] [--now TIME]\n"
      "            [--site NAME] [--reply-within SECONDS] [--json]",
      "compute figures from event logs alone: a second opinion",
      "  LOG                   event logs, the oldest first; gzip is "
      "recognised\n"
      "  --period NAME         24h, 7d, 28d, 90d, 365d or all (28d)\n"
      "  --from DAY --to DAY   these days, in UTC, both included, instead\n"
      "  --now TIME            as of then, such as 2026-11-27T15:00:00Z\n"
      "  --site NAME           only this site of the log\n"
      "  --reply-within SECONDS\n"
      "                        as in social_site's metrics (604800, seven "
      "days)\n"
      "  --json                with the names of the status page\n"
      "\n"
      "Needs no store. docs/metrics.md says what a log does not tell.\n",
      social_tool_figures }
};


static const social_tool_command_t *
social_tool_find(const char *name)
{
    size_t  i;

    for (i = 0; i < social_nelts(social_tool_commands); i++) {
        if (strcmp(social_tool_commands[i].name, name) == 0) {
            return &social_tool_commands[i];
        }
    }

    return NULL;
}


static void
social_tool_usage(FILE *out)
{
    size_t  i;

    fprintf(out, "ngx-social %s: works on the store of ngx_social, "
                 "the nginx module\n\nusage:\n", SOCIAL_VERSION);

    for (i = 0; i < social_nelts(social_tool_commands); i++) {
        fprintf(out, "  ngx-social %s %s\n            %s\n",
                social_tool_commands[i].name,
                social_tool_commands[i].arguments,
                social_tool_commands[i].about);
    }

    fputs("  ngx-social help [COMMAND]\n  ngx-social --version\n\n"
          "a store's URL is one of\n  sqlite:PATH\n"
          "  postgresql://USER@HOST/DATABASE?schema=social_SITE\n"
          "the second as in nginx.conf, with the name of social_site\n\n"
          "exits with 0: done, 1: the store cannot be used, "
          "2: wrong arguments,\n3: done, but comments or lines were left out, "
          "4: the file to read is wrong\n", out);
}


static social_tool_exit_e
social_tool_help(int argc, char **argv)
{
    const social_tool_command_t  *command;

    if (argc == 0) {
        social_tool_usage(stdout);
        return SOCIAL_TOOL_DONE;
    }

    command = social_tool_find(argv[0]);

    if (command == NULL || argc > 1) {
        return social_tool_fail(SOCIAL_TOOL_USAGE,
                                "no such command: \"%s\"; try: ngx-social help",
                                argc > 1 ? argv[1] : argv[0]);
    }

    printf("usage: ngx-social %s %s\n\n  %s\n\n%s", command->name,
           command->arguments, command->about, command->more);

    return SOCIAL_TOOL_DONE;
}


social_tool_exit_e
social_tool_fail(social_tool_exit_e code, const char *fmt, ...)
{
    va_list  args;

    fputs("ngx-social: ", stderr);

    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);

    fputc('\n', stderr);

    return code;
}


int
main(int argc, char **argv)
{
    const social_tool_command_t  *command;

    if (argc < 2) {
        social_tool_usage(stderr);
        return SOCIAL_TOOL_USAGE;
    }

    if (strcmp(argv[1], "--version") == 0) {
        printf("ngx-social %s\n", SOCIAL_VERSION);
        return SOCIAL_TOOL_DONE;
    }

    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0
        || strcmp(argv[1], "-h") == 0)
    {
        return (int) social_tool_help(argc - 2, argv + 2);
    }

    command = social_tool_find(argv[1]);

    if (command == NULL) {
        return (int) social_tool_fail(SOCIAL_TOOL_USAGE,
                                      "no such command: \"%s\"; try: "
                                      "ngx-social help", argv[1]);
    }

    return (int) command->run(argc - 2, argv + 2);
}
