
/*
 * Machines that share a store: passes calls to a backend that knows of them,
 * and answers for one that does not.  Any thread that may use the store.
 */

#include <string.h>

#include "social_store_backend.h"


int
social_store_wanted(social_store_t *store, social_wanted_t *wanted,
    social_store_error_t *err)
{
    if (store->backend->wanted != NULL) {
        return store->backend->wanted(store, wanted, err);
    }

    wanted->flush = 0;

    return social_store_signout(store, &wanted->signout, err);
}


int
social_store_note(social_store_t *store, social_note_t *note,
    social_store_error_t *err)
{
    if (store->backend->note != NULL) {
        return store->backend->note(store, note, err);
    }

    note->ahead = 0;
    note->leased = 1;

    return SOCIAL_OK;
}


int
social_store_nodes(social_store_t *store, uint64_t generation, int64_t late,
    social_nodes_t *nodes, social_store_error_t *err)
{
    memset(nodes, 0, sizeof(social_nodes_t));

    if (store->backend->nodes != NULL) {
        return store->backend->nodes(store, generation, late, nodes, err);
    }

    return SOCIAL_OK;
}


int
social_store_forget(social_store_t *store, const char *name,
    social_store_error_t *err)
{
    if (store->backend->forget != NULL) {
        return store->backend->forget(store, name, err);
    }

    return SOCIAL_OK;
}


int
social_store_flush(social_store_t *store, social_flush_t *flush,
    social_store_error_t *err)
{
    if (store->backend->flush != NULL) {
        return store->backend->flush(store, flush, err);
    }

    flush->missing = 0;

    return SOCIAL_OK;
}
