
/*
 * A store that several machines share: who they are, what they ask of each
 * other, and which of them does what must be done once.  social_store.h has the
 * rest, and includes this.
 *
 * Writers and readers alike: these calls take no lock and need no fsync.  A
 * store that is one machine's knows no machines; all calls succeed there.
 */

#ifndef SOCIAL_STORE_NODE_H_INCLUDED
#define SOCIAL_STORE_NODE_H_INCLUDED


#include "social_node.h"


#define SOCIAL_NODE_NOTE   5000     /* msec between two notes of a machine */
#define SOCIAL_NODE_FLUSH  1000     /* msec between two requests for a save */


/* what others want of this machine */

typedef struct {
    int64_t      signout;       /* as of social_store_signout() */
    int64_t      flush;         /* number of the last request to save what was
                                 * counted, 0: there was none.  It grows */
} social_wanted_t;

int social_store_wanted(social_store_t *store, social_wanted_t *wanted,
    social_store_error_t *err);


/*
 * Notes that a machine lives, and asks for the lease: one machine has it, by
 * the store's clock, for SOCIAL_NODE_LIVES msec from its last note on.  A
 * machine that leaves is forgotten, and gives the lease back.
 */

typedef struct {
    uint64_t     generation;    /* of its zone, as of social_store_save() */
    const char  *name;
    const char  *version;
    int64_t      unsaved;       /* msec since all that it counted was saved */
    int64_t      answered;      /* the request that it last obeyed, 0: none */
    unsigned     anew:1;        /* its nginx was started anew: what is noted
                                 * under its name is of lives that ended, and is
                                 * forgotten.  One that lives after all, since
                                 * two hosts have one name, is noted again */
    unsigned     leave:1;

    /* results */
    int64_t      ahead;         /* msec: the store's clock, less the machine's.
                                 * What is stored goes by the store's: a write's
                                 * `now` becomes that */
    unsigned     leased:1;
} social_note_t;

int social_store_note(social_store_t *store, social_note_t *note,
    social_store_error_t *err);


/* all machines, of which `generation` is this one; late: seconds without a save
 * that are late.  The caller frees nodes->items */
int social_store_nodes(social_store_t *store, uint64_t generation,
    int64_t late, social_nodes_t *nodes, social_store_error_t *err);


/* forgets what is noted under a name, unless that was seen within
 * SOCIAL_NODE_LIVES msec; a machine that comes back is known again */
int social_store_forget(social_store_t *store, const char *name,
    social_store_error_t *err);


/*
 * Asks all machines to save what they counted.  Requests within
 * SOCIAL_NODE_FLUSH are one.  Then, as often as you like: how many have not
 * obeyed yet, of those that live, without this one.
 */

typedef struct {
    uint64_t     generation;
    int64_t      flush;         /* number of the request, 0: make one */
    int64_t      missing;       /* result */
} social_flush_t;

int social_store_flush(social_store_t *store, social_flush_t *flush,
    social_store_error_t *err);


#endif /* SOCIAL_STORE_NODE_H_INCLUDED */
