
/*
 * The machines that share a store: their rows, the lease of what only one does,
 * the request to save.  A store of one machine knows none.
 */

#include <time.h>

#include "store.h"


static social_nodes_t  all;


static void
list(social_store_t *store, uint64_t self)
{
    free(all.items);

    is_int(social_store_nodes(store, self, 60, &all, &err), SOCIAL_OK,
           "the machines");
}


static social_note_t
machine(uint64_t generation, const char *name)
{
    social_note_t  note;

    memset(&note, 0, sizeof(note));

    note.generation = generation;
    note.name = name;
    note.version = "1.0";

    return note;
}


static void
note(social_store_t *store, social_note_t *n, const char *what)
{
    is_int(social_store_note(store, n, &err), SOCIAL_OK, what);
}


/* how many machines have not obeyed the request to save; a new one if *flush is
 * 0 */

static int64_t
missing(social_store_t *store, uint64_t self, int64_t *flush)
{
    social_flush_t  f;

    memset(&f, 0, sizeof(f));
    f.generation = self;
    f.flush = *flush;

    if (social_store_flush(store, &f, &err) != SOCIAL_OK) {
        printf("# %s: %s\n", err.op, err.message);
        return -1;
    }

    *flush = f.flush;

    return f.missing;
}


static void
test_alone(void)
{
    int64_t          flush;
    social_note_t    a;
    social_store_t  *store;
    social_wanted_t  wanted;

    fresh();
    store = must_open(1);
    flush = 0;

    is_int(social_store_wanted(store, &wanted, &err), SOCIAL_OK, "wanted");
    is_int(wanted.flush, 0, "nobody has asked for a save");
    is_int(wanted.signout, 0, "nor signed authors out");

    list(store, 1);
    is_int((int64_t) all.n, 0, "no machines yet");
    is_int(missing(store, 1, &flush), 0, "nobody to wait for");
    is_int(flush, 0, "... so nobody is asked");

    a = machine(1, "a:80");
    note(store, &a, "a machine alone");
    ok(a.leased, "does everything");
    is_int(missing(store, 1, &flush), 0, "it does not wait for itself");
    is_int(flush, 0, "nor ask itself");

    is_int(social_store_forget(store, "b:80", &err), SOCIAL_OK,
           "to forget nobody is no error");

    social_store_close(store);
}


static void
test_rows(social_store_t *store)
{
    social_note_t  a, b;

    a = machine(1, "a:80");
    b = machine(UINT64_MAX - 1, "b:80");
    b.unsaved = 100000;

    note(store, &a, "one machine");
    ok(a.leased, "has the lease");
    note(store, &b, "another one");
    ok(!b.leased, "has it not");
    ok(b.ahead > -2000 && b.ahead < 2000, "its clock is right");
    note(store, &a, "the first one again");
    ok(a.leased, "keeps it");

    list(store, 1);
    is_int((int64_t) all.n, 2, "two are known");
    is_str(all.items[0].name, "a:80", "the first");
    is_str(all.items[1].name, "b:80", "the second");
    is_str(all.items[1].version, "1.0", "its version");
    ok(all.items[0].self && !all.items[1].self, "which this one is");
    ok(all.items[0].lives && all.items[1].lives, "both live");
    ok(all.items[0].upkeep && !all.items[1].upkeep, "which has the lease");
    ok(!all.items[0].late && all.items[1].late, "which has not saved");
    is_int(all.items[1].seen - all.items[1].saved, 100, "for how long");

    b.unsaved = 0;
    note(store, &b, "when it saves");
    list(store, 1);
    ok(!all.items[1].late, "it is not late any more");
}


/* nobody sleeps: time passes in the rows */

static void
test_death(social_store_t *store)
{
    social_note_t  b, again;

    b = machine(UINT64_MAX - 1, "b:80");

    (void) tell("UPDATE node SET seen = seen - 16000 WHERE name = 'a:80'");
    list(store, UINT64_MAX - 1);
    ok(!all.items[0].lives && all.items[1].lives, "one was not seen for 16 s");
    note(store, &b, "the other");
    ok(!b.leased, "... has no right to the lease before it is over");

    (void) tell("UPDATE lease SET until = until - 16000");
    list(store, 1);
    ok(!all.items[0].upkeep && !all.items[1].upkeep, "it is: nobody's");
    note(store, &b, "the other again");
    ok(b.leased, "takes it over");

    again = machine(2, "a:80");
    note(store, &again, "the dead one starts again, with a new zone");
    ok(!again.leased, "... it does not get it back");
    list(store, 2);
    is_int((int64_t) all.n, 2, "its old zone is not named beside");
    ok(all.items[0].lives && all.items[0].self, "it lives");

    (void) tell("UPDATE lease SET until = until + 3600000");
    note(store, &again, "a lease from before the clock was set back");
    ok(again.leased, "... does not last");

    again.leave = 1;
    note(store, &again, "a machine leaves");
    list(store, 1);
    is_int((int64_t) all.n, 2, "... its old zone is still known");
    (void) tell("UPDATE node SET seen = seen - 90000000 WHERE id = 1");
    list(store, 1);
    is_int((int64_t) all.n, 1, "... for a day");
    note(store, &b, "the other");
    ok(b.leased, "takes the lease at once");

    b.leave = 1;
    note(store, &b, "it leaves, too");
    list(store, 1);
    is_int((int64_t) all.n, 0, "nobody is there");
    is_int(ask("SELECT owner FROM lease"), 0, "... the lease is nobody's");
}


static void
test_flush(social_store_t *store)
{
    int64_t          first, second, same;
    social_note_t    a, b, c;
    social_wanted_t  wanted;

    a = machine(1, "a:80");
    b = machine(2, "b:80");
    c = machine(3, "c:80");
    first = second = same = 0;

    note(store, &a, "three machines");
    note(store, &b, "...");
    note(store, &c, "...");

    is_int(missing(store, 1, &first), 2, "one asks two others to save");
    ok(first > 0, "the request has a number");
    is_int(missing(store, 2, &same), 2, "another one asks");
    is_int(same, first, "... at the same time: it is the same request");

    is_int(social_store_wanted(store, &wanted, &err), SOCIAL_OK, "each");
    is_int(wanted.flush, first, "... sees it");

    b.answered = first;
    note(store, &b, "one has saved");
    is_int(missing(store, 1, &first), 1, "one is missing");
    b.answered = 0;
    note(store, &b, "an older note comes late");
    is_int(missing(store, 1, &first), 1, "... and takes nothing back");
    c.answered = first;
    note(store, &c, "the other has saved");
    is_int(missing(store, 1, &first), 0, "nobody is missing");

    list(store, 1);
    is_int(all.items[2].answered, first, "the list knows");

    (void) tell("UPDATE setting SET value = value - 1001"
                " WHERE name = 'flush'");
    is_int(missing(store, 1, &second), 2, "a second later: another request");
    ok(second > first, "with a larger number");

    (void) tell("UPDATE node SET seen = seen - 16000 WHERE id = 3");
    is_int(missing(store, 1, &second), 1, "who is dead is not waited for");

    (void) tell("UPDATE setting SET value = value + 3600000"
                " WHERE name = 'flush'");
    same = 0;
    (void) missing(store, 1, &same);
    ok(same > second + 3600000, "numbers grow if the clock is set back");

    b.leave = c.leave = 1;
    note(store, &b, "the others leave");
    note(store, &c, "...");
}


/* a machine that was killed starts again, under its name */

static void
test_anew(social_store_t *store)
{
    int64_t        first;
    social_note_t  a, b, old, two;

    a = machine(1, "a:80");
    old = machine(2, "b:80");
    b = machine(3, "b:80");
    two = machine(4, "c:80");
    first = 0;

    note(store, &a, "one machine");
    note(store, &old, "another one");
    note(store, &two, "and a third");
    b.unsaved = 7000;
    note(store, &b, "the other's binary is upgraded");
    is_int(missing(store, 1, &first), 3, "both its lives are waited for");

    b.anew = 1;
    note(store, &b, "it was killed, and started anew");
    is_int(missing(store, 1, &first), 2, "who is dead is not waited for");
    list(store, 1);
    is_int((int64_t) all.n, 3, "the others are still known");
    is_str(all.items[1].name, "b:80", "it is");
    is_int(all.items[1].seen - all.items[1].saved, 7,
           "... and says what the new life says");
    is_int(ask("SELECT count(*) FROM node WHERE id = 2"), 0,
           "the old one is forgotten");

    b.anew = 0;
    b.answered = first;
    note(store, &b, "it saves");
    is_int(missing(store, 1, &first), 1, "... and is not waited for");

    note(store, &old, "a host of the same name, which lives");
    is_int(missing(store, 1, &first), 2, "... is waited for again");
    note(store, &b, "the other notes");
    is_int(missing(store, 1, &first), 2, "... which changes nothing");

    old.leave = b.leave = two.leave = 1;
    note(store, &old, "all leave");
    note(store, &b, "...");
    note(store, &two, "...");
}


/* the admin says that a machine will not come back */

static void
test_forget(social_store_t *store)
{
    social_note_t  a, b, old;

    a = machine(1, "a:80");
    old = machine(2, "b:80");
    b = machine(3, "b:80");

    note(store, &a, "one machine");
    note(store, &old, "another one");
    note(store, &b, "... whose binary was upgraded");
    (void) tell("UPDATE node SET seen = seen - 16000 WHERE id = 2");

    is_int(social_store_forget(store, "b:80", &err), SOCIAL_OK,
           "one that lives");
    is_int(ask("SELECT count(*) FROM node"), 3, "... is not forgotten");

    (void) tell("UPDATE node SET seen = seen - 16000 WHERE id = 3");
    is_int(social_store_forget(store, "c:80", &err), SOCIAL_OK,
           "one that nobody knows");
    is_int(social_store_forget(store, "b:80", &err), SOCIAL_OK,
           "one that is gone");
    list(store, 1);
    is_int((int64_t) all.n, 1, "... is forgotten");
    is_str(all.items[0].name, "a:80", "... and no other");

    note(store, &b, "it comes back");
    list(store, 1);
    is_int((int64_t) all.n, 2, "... and is known again");

    b.leave = 1;
    note(store, &b, "it leaves");
}


/* retention is one machine's, and the lease is looked at in the transaction */

static void
test_upkeep(social_store_t *store)
{
    social_note_t       a, b;
    social_write_t      held;
    social_retention_t  keep;

    a = machine(1, "a:80");
    b = machine(2, "b:80");
    note(store, &a, "one machine has the lease");
    note(store, &b, "another one");
    ok(a.leased && !b.leased, "... has it not");

    held = comment(9, "held for long");
    held.state = SOCIAL_HELD;
    held.reason = str("all are");
    ok(post(store, held) > 0, "a comment that is held");
    (void) tell("UPDATE comment SET created = created - 86400 * 400");

    memset(&keep, 0, sizeof(keep));
    keep.now = (int64_t) time(NULL);
    keep.events = 86400 * 1000;
    keep.held = 86400;

    keep.owner = 2;
    is_int(social_store_age(store, &keep, &err), SOCIAL_OK,
           "retention by the other");
    is_int(ask("SELECT count(*) FROM comment WHERE text <> ''"), 1,
           "... removes nothing");

    keep.owner = 1;
    is_int(social_store_age(store, &keep, &err), SOCIAL_OK,
           "retention by the one that has the lease");
    is_int(ask("SELECT count(*) FROM comment WHERE text <> ''"), 0,
           "... does");
}


int
main(void)
{
    social_store_t  *store;

    test_alone();

    if (on_postgres()) {
        fresh();
        store = must_open(1);
        test_rows(store);
        test_death(store);
        test_flush(store);
        test_anew(store);
        test_forget(store);
        test_upkeep(store);
        social_store_close(store);
    }

    free(all.items);
    clean();

    return done();
}
