
/*
 * ngx-social nodes: the machines that share a store.  One that died is named
 * for a day, so that somebody looks; who has looked may end that.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "social_store.h"
#include "social_time.h"
#include "social_tool.h"


/* NULL: it is not known */

static const social_node_t *
social_tool_nodes_find(const social_nodes_t *nodes, const char *name)
{
    size_t  i;

    for (i = 0; i < nodes->n; i++) {
        if (strcmp(nodes->items[i].name, name) == 0) {
            return &nodes->items[i];
        }
    }

    return NULL;
}


static social_tool_exit_e
social_tool_nodes_lives(const social_node_t *node)
{
    char  seen[SOCIAL_TIME_LEN + 1];

    social_time_format(node->seen, seen);

    return social_tool_fail(SOCIAL_TOOL_STORE, "%s is alive, it was seen at "
                            "%s: stop its nginx, and it is forgotten by itself",
                            node->name, seen);
}


static int
social_tool_nodes_read(social_store_t *store, social_nodes_t *nodes)
{
    int                    rc;
    social_store_error_t   err;

    rc = social_store_nodes(store, 0, SOCIAL_NODE_LATE, nodes, &err);

    if (rc != SOCIAL_OK) {
        (void) social_tool_fail(SOCIAL_TOOL_STORE, "%s", err.message);
    }

    return rc;
}


static void
social_tool_nodes_print(const social_nodes_t *nodes)
{
    char                  seen[SOCIAL_TIME_LEN + 1];
    char                  saved[SOCIAL_TIME_LEN + 1];
    size_t                i;
    const social_node_t  *node;

    for (i = 0; i < nodes->n; i++) {
        node = &nodes->items[i];

        social_time_format(node->seen, seen);
        social_time_format(node->saved, saved);
        printf("%-5s  %s  %s, seen %s, saved %s%s\n",
               node->lives ? "alive" : "gone", node->name, node->version, seen,
               saved, node->upkeep ? ", does the upkeep" : "");
    }

    if (nodes->n == 0) {
        puts("no machine was seen in the last day");
    }
}


/* one that comes back meanwhile stays */

static social_tool_exit_e
social_tool_nodes_forget(social_store_t *store, social_nodes_t *nodes,
    const char *name)
{
    const social_node_t   *node;
    social_store_error_t   err;

    node = social_tool_nodes_find(nodes, name);

    if (node == NULL) {
        return social_tool_fail(SOCIAL_TOOL_STORE, "no machine \"%s\" is "
                                "known; without --forget, all are listed",
                                name);
    }

    if (node->lives) {
        return social_tool_nodes_lives(node);
    }

    if (social_store_forget(store, name, &err) != SOCIAL_OK) {
        return social_tool_fail(SOCIAL_TOOL_STORE, "%s", err.message);
    }

    free(nodes->items);

    if (social_tool_nodes_read(store, nodes) != SOCIAL_OK) {
        return SOCIAL_TOOL_STORE;
    }

    node = social_tool_nodes_find(nodes, name);

    if (node != NULL) {
        return social_tool_nodes_lives(node);
    }

    printf("%s is forgotten\n", name);

    return SOCIAL_TOOL_DONE;
}


social_tool_exit_e
social_tool_nodes(int argc, char **argv)
{
    const char            *url, *name;
    social_nodes_t         nodes;
    social_store_t        *store;
    social_tool_exit_e     code;

    const social_tool_option_t  options[] = {
        { "store", &url },
        { "forget", &name }
    };

    url = NULL;
    name = NULL;

    if (social_tool_options(argc, argv, options, social_nelts(options))
        != SOCIAL_OK
        || !social_tool_is_store(url, "nodes needs --store"))
    {
        return SOCIAL_TOOL_USAGE;
    }

    if (social_tool_path(url) != NULL) {
        return social_tool_fail(SOCIAL_TOOL_USAGE, "a store of SQLite is one "
                                "machine's: nodes needs --store "
                                "postgresql://...");
    }

    store = social_tool_open(url, 0);

    if (store == NULL) {
        return SOCIAL_TOOL_STORE;
    }

    code = social_tool_nodes_read(store, &nodes) != SOCIAL_OK
           ? SOCIAL_TOOL_STORE : SOCIAL_TOOL_DONE;

    if (code == SOCIAL_TOOL_DONE && name == NULL) {
        social_tool_nodes_print(&nodes);

    } else if (code == SOCIAL_TOOL_DONE) {
        code = social_tool_nodes_forget(store, &nodes, name);
    }

    free(nodes.items);
    social_store_close(store);

    return code;
}
