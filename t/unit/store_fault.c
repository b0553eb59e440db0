
/*
 * The store when the n-th allocation (its own or SQLite's), the n-th file
 * operation or the n-th step of a statement fails.  Nothing may crash or leak
 * (the sanitizer checks); what was acknowledged must be in the file, and what
 * was not must be reported as lost.  Of the allocations every 149th or 397th is
 * tried, with SOCIAL_LONG=1 all.
 */

#include "store.h"
#include "fault.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/syscall.h>


#define EVER  1000000000

#define MEMORY  0
#define DISK    1
#define STEP    2


static sqlite3_vfs  *disk, shim;
static long          countdown;     /* calls until the fault, 0: none */
static int           forever;       /* all later calls fail, too */
static int           failing;       /* the kind of call that fails */


/* shall this call fail? */

static int
fault(int kind)
{
    if (countdown == 0 || kind != failing) {
        return 0;
    }

    if (countdown > 1) {
        countdown--;
        return 0;
    }

    if (!forever) {
        countdown = 0;
    }

    errno = EIO;

    return 1;
}


typedef int (*step_pt)(sqlite3_stmt *stmt);
typedef int (*exec_pt)(sqlite3 *db, const char *sql, sqlite3_callback row,
    void *data, char **message);


/* the result of a step of the store's statements, not of SQLite's own */

static int
fault_step(void *caller)
{
    static int          turn;
    extern const char   __executable_start, etext;
    static const int    codes[] = { SQLITE_BUSY, SQLITE_FULL, SQLITE_IOERR,
                                    SQLITE_NOMEM, SQLITE_INTERRUPT };

    if ((const char *) caller < &__executable_start
        || (const char *) caller >= &etext || !fault(STEP))
    {
        return SQLITE_OK;
    }

    return codes[turn++ % 5];
}


int
sqlite3_step(sqlite3_stmt *stmt)
{
    int             rc;
    static step_pt  real;

    if (real == NULL) {
        *(void **) &real = dlsym(RTLD_NEXT, "sqlite3_step");
    }

    rc = fault_step(__builtin_return_address(0));

    return rc ? rc : real(stmt);
}


int
sqlite3_exec(sqlite3 *db, const char *sql, sqlite3_callback row, void *data,
    char **message)
{
    int             rc;
    static exec_pt  real;

    if (real == NULL) {
        *(void **) &real = dlsym(RTLD_NEXT, "sqlite3_exec");
    }

    rc = fault_step(__builtin_return_address(0));

    return rc ? rc : real(db, sql, row, data, message);
}


/* calls of the system by the store itself */

ssize_t
getrandom(void *buf, size_t size, unsigned flags)
{
    return fault(DISK) ? -1 : syscall(SYS_getrandom, buf, size, flags);
}


int
stat(const char *restrict name, struct stat *restrict st)
{
    return fault(DISK) ? -1 : fstatat(AT_FDCWD, name, st, 0);
}


/* a file of the VFS shim; the real one follows it in memory */

typedef struct {
    sqlite3_file   base;
    sqlite3_file  *real;
} shim_t;


#define REAL(file)  (((shim_t *) (file))->real)
#define CALL(file, method, ...)                                               \
    REAL(file)->pMethods->method(REAL(file), ##__VA_ARGS__)


static int
shim_close(sqlite3_file *f)
{
    return CALL(f, xClose);
}


static int
shim_read(sqlite3_file *f, void *data, int n, sqlite3_int64 at)
{
    return fault(DISK) ? SQLITE_IOERR_READ : CALL(f, xRead, data, n, at);
}


static int
shim_write(sqlite3_file *f, const void *data, int n, sqlite3_int64 at)
{
    if (fault(DISK)) {
        /* a torn write */
        (void) CALL(f, xWrite, data, n / 2, at);
        return n & 1 ? SQLITE_IOERR_WRITE : SQLITE_FULL;
    }

    return CALL(f, xWrite, data, n, at);
}


static int
shim_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    return fault(DISK) ? SQLITE_IOERR_TRUNCATE : CALL(f, xTruncate, size);
}


static int
shim_sync(sqlite3_file *f, int flags)
{
    return fault(DISK) ? SQLITE_IOERR_FSYNC : CALL(f, xSync, flags);
}


static int
shim_size(sqlite3_file *f, sqlite3_int64 *size)
{
    return fault(DISK) ? SQLITE_IOERR_FSTAT : CALL(f, xFileSize, size);
}


static int
shim_lock(sqlite3_file *f, int level)
{
    return fault(DISK) ? SQLITE_IOERR_LOCK : CALL(f, xLock, level);
}


static int
shim_unlock(sqlite3_file *f, int level)
{
    return CALL(f, xUnlock, level);
}


static int
shim_reserved(sqlite3_file *f, int *out)
{
    return CALL(f, xCheckReservedLock, out);
}


static int
shim_control(sqlite3_file *f, int op, void *arg)
{
    return CALL(f, xFileControl, op, arg);
}


static int
shim_sector(sqlite3_file *f)
{
    return CALL(f, xSectorSize);
}


static int
shim_device(sqlite3_file *f)
{
    return CALL(f, xDeviceCharacteristics);
}


static int
shim_shm_map(sqlite3_file *f, int page, int size, int extend,
    void volatile **p)
{
    return fault(DISK) ? SQLITE_IOERR_SHMMAP
                    : CALL(f, xShmMap, page, size, extend, p);
}


static int
shim_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
    if ((flags & SQLITE_SHM_LOCK) && fault(DISK)) {
        return forever ? SQLITE_IOERR_SHMLOCK : SQLITE_BUSY;
    }

    return CALL(f, xShmLock, offset, n, flags);
}


static void
shim_shm_barrier(sqlite3_file *f)
{
    CALL(f, xShmBarrier);
}


static int
shim_shm_unmap(sqlite3_file *f, int delete)
{
    return CALL(f, xShmUnmap, delete);
}


static const sqlite3_io_methods  shim_methods = {
    .iVersion = 2,
    .xClose = shim_close,
    .xRead = shim_read,
    .xWrite = shim_write,
    .xTruncate = shim_truncate,
    .xSync = shim_sync,
    .xFileSize = shim_size,
    .xLock = shim_lock,
    .xUnlock = shim_unlock,
    .xCheckReservedLock = shim_reserved,
    .xFileControl = shim_control,
    .xSectorSize = shim_sector,
    .xDeviceCharacteristics = shim_device,
    .xShmMap = shim_shm_map,
    .xShmLock = shim_shm_lock,
    .xShmBarrier = shim_shm_barrier,
    .xShmUnmap = shim_shm_unmap
};


static int
shim_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file,
    int flags, int *out)
{
    int      rc;
    shim_t  *f = (shim_t *) file;

    (void) vfs;

    f->base.pMethods = NULL;
    f->real = (sqlite3_file *) &f[1];

    if (fault(DISK)) {
        return SQLITE_CANTOPEN;
    }

    rc = disk->xOpen(disk, name, f->real, flags, out);

    if (f->real->pMethods != NULL) {
        f->base.pMethods = &shim_methods;
    }

    return rc;
}


static int
shim_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void) vfs;

    return fault(DISK) ? SQLITE_IOERR_DELETE : disk->xDelete(disk, name, sync);
}


static void
setup(void)
{
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);  /* no memory of its own */

    sqlite3_initialize();

    disk = sqlite3_vfs_find(NULL);
    shim = *disk;
    shim.zName = "shim";
    shim.szOsFile = (int) sizeof(shim_t) + disk->szOsFile;
    shim.xOpen = shim_open;
    shim.xDelete = shim_delete;
    sqlite3_vfs_register(&shim, 1);
}


static void
seen(void *data, social_str_t key, const social_numbers_t *numbers)
{
    (void) key;
    (void) numbers;

    ++*(int *) data;
}


static int
armed(void)
{
    return countdown != 0 || fault_left != 0;
}


/*
 * After an error the connection is opened again.  Returns 1 if the fault
 * happened in an earlier call, which did not report it.
 */

static int
late(social_store_t **store, int rc, int was_armed)
{
    if (rc == SOCIAL_OK) {
        return 0;
    }

    social_store_close(*store);
    *store = social_store_open(url, 1, &err);

    return !was_armed;
}


/* calls all functions that read; returns how often a list was not empty after
 * an error, or an error was reported late */

static int
read_all(social_store_t **store)
{
    int                bad, keys, rc, was;
    int64_t            change;
    social_queue_t     q;
    social_write_t     w;
    social_comments_t  list;
    social_period_t   figures;

    bad = 0;
    keys = 0;
    w = comment(2, "");
    memset(&q, 0, sizeof(q));
    q.limit = 5;
    q.q = str("o");

#define READ(call)                                                            \
    if (*store != NULL) {                                                     \
        was = armed();                                                        \
        rc = call;                                                            \
        bad += (rc != SOCIAL_OK && (list.n != 0 || list.items != NULL));      \
        social_comments_free(&list);                                          \
        bad += late(store, rc, was);                                          \
    }

    READ(social_store_thread(*store, str("/a/"), 1, 5, SOCIAL_NEWEST,
        &list, &err));
    READ(social_store_after(*store, str("/a/"), 1, 2, &list, &err));
    READ(social_store_comment(*store, 1, &list, &err));
    READ(social_store_mine(*store, w.commenter, 0, 5, SOCIAL_OLDEST,
        &list, &err));
    READ(social_store_queue(*store, &q, &list, &err));

    if (*store != NULL) {
        was = armed();
        rc = social_store_figures(*store, 0, NOW + 1, &figures, &err);
        bad += (rc != SOCIAL_OK && (figures.articles || figures.messages));
        social_period_free(&figures);
        bad += late(store, rc, was);
    }

    if (*store != NULL) {
        was = armed();
        rc = social_store_keys(*store, &change, seen, &keys, &err);
        bad += late(store, rc, was);
    }

    return bad;
}


/* reads only: fewer allocations, so that more of them can be tried */

static void
test_reads(void)
{
    int              bad, left;
    long             n;
    social_store_t  *store;

    fresh();
    store = must_open(1);
    post(store, comment(1, "an older comment"));
    social_store_close(store);

    bad = 0;
    n = 0;
    forever = 0;
    fault_forever = 0;

    do {
        n += getenv("SOCIAL_LONG") ? 1 : 3;
        store = must_open(1);
        fault_left = n;
        bad += read_all(&store);
        left = (fault_left > 0);
        fault_left = 0;
        social_store_close(store);
    } while (!left);

    ok(bad == 0 && n > 500, "an allocation fails while reading: %ld places",
       n);
}


/* opens, writes, saves, reads, erases; ids are of acknowledged comments */

static int
scenario(int64_t ids[4], int *saves, int *liked)
{
    int              i, bad;
    social_write_t   w[4], e, *batch[5], like;
    social_saved_t   s[2];
    social_store_t  *store;

    bad = 0;
    *saves = 0;
    *liked = 0;
    memset(ids, 0, 4 * sizeof(int64_t));

    store = social_store_open(url, 1, &err);
    if (store == NULL) {
        return err.message[0] == '\0';
    }

    for (i = 0; i < 4; i++) {
        w[i] = comment(i + 2, "one of a batch");
        w[i].parent = (i == 3) ? 1 : 0;
        w[i].first = (i == 2);
        batch[i] = &w[i];
    }

    memset(&like, 0, sizeof(like));
    like.type = SOCIAL_WRITE_LIKE;
    like.key = str("/a/");
    like.known = 1;
    like.reader = 5;
    like.day = NOW / 86400;
    like.now = NOW;
    batch[4] = &like;

    if (social_store_write(store, batch, 5, &err) != SOCIAL_OK) {
        err.message[0] = '\0';
    }

    *liked = (like.status == SOCIAL_WROTE);
    bad += (like.status == SOCIAL_LOST && like.likes != 0);

    for (i = 0; i < 4; i++) {
        ids[i] = (w[i].status == SOCIAL_WROTE) ? w[i].wrote_id : 0;
        bad += (w[i].status == SOCIAL_LOST && w[i].wrote_id != 0);
    }

    batch[0] = &e;
    e = on(SOCIAL_WRITE_MODERATE, 1);
    e.action = SOCIAL_ACT_DELETE;
    (void) social_store_write(store, batch, 1, &err);

    memset(s, 0, sizeof(s));
    s[0].key = "/a/";
    s[0].kind = SOCIAL_COUNT_READ;
    s[0].value = 5;
    s[1] = s[0];
    s[1].kind = SOCIAL_COUNT_SHARE;
    *saves = (social_store_save(store, 1, NOW, s, 2, &err) == SOCIAL_OK);

    bad += read_all(&store);

    if (store == NULL) {
        return bad;
    }

    e = on(SOCIAL_WRITE_ERASE, 0);
    memset(e.commenter, 2, sizeof(e.commenter));
    (void) social_store_write(store, batch, 1, &err);

    social_store_close(store);

    return bad;
}


/* afterwards, without faults: is everything there that was acknowledged? */

static int
check(const int64_t ids[4], int saves, int liked)
{
    int               i, bad;
    char              sql[80];
    social_saved_t    s;
    social_store_t   *store;
    social_period_t  f;

    bad = 0;
    store = must_open(1);

    for (i = 0; i < 4; i++) {
        snprintf(sql, sizeof(sql), "SELECT count(*) FROM comment"
                 " WHERE id = %" PRId64, ids[i]);
        bad += (ids[i] != 0 && ask(sql) != 1);
    }

    bad += (ask("SELECT coalesce(max(likes), 0) FROM article") < liked);
    bad += (ask("SELECT coalesce(max(likes), 0) FROM article")
            != ask("SELECT count(*) FROM liked"));

    memset(&s, 0, sizeof(s));
    s.key = "/a/";
    s.kind = SOCIAL_COUNT_READ;
    s.value = saves ? 3 : 7;        /* less than the save, or the first one */
    social_store_save(store, 1, NOW, &s, 1, &err);

    if (social_store_figures(store, 0, INT64_MAX, &f, &err) != SOCIAL_OK
        || f.narticles != 1)
    {
        bad++;

    } else {
        bad += (f.articles[0].counts[SOCIAL_COUNT_READ] != (saves ? 5 : 7));
    }

    social_period_free(&f);
    social_store_close(store);

    bad += (ask("SELECT count(*) FROM pragma_integrity_check"
                " WHERE integrity_check = 'ok'") != 1);
    bad += (ask("SELECT count(*) FROM pragma_foreign_key_check") != 0);

    return bad;
}


static void
test_faults(int kind, int always, int made, long step, const char *what)
{
    int      bad, saves, liked, left;
    long     n;
    int64_t  ids[4];

    bad = 0;
    n = 1;

    do {
        fresh();

        if (made) {
            social_store_t  *store = must_open(1);

            post(store, comment(1, "an older comment"));
            social_store_close(store);
        }

        failing = kind;
        forever = always;
        fault_forever = always;
        countdown = (kind == MEMORY) ? 0 : n;
        fault_left = (kind == MEMORY) ? n : 0;

        bad += scenario(ids, &saves, &liked);

        left = (kind == MEMORY) ? fault_left : countdown;
        left = always ? left > 1 : left > 0;
        countdown = 0;
        fault_left = 0;

        if (access(path, F_OK) == 0) {
            saves = check(ids, saves, liked);
            bad += saves;

            if (saves) {
                printf("# fault %ld: %s: %s\n", n, err.op, err.message);
            }
        }

        n += step;

    } while (!left && n < EVER);

    ok(bad == 0 && n > 20, "%s: %ld places", what, n - step);
}


int
main(void)
{
    long  some, few;

    setup();

    some = getenv("SOCIAL_LONG") ? 1 : 149;
    few = getenv("SOCIAL_LONG") ? 1 : 397;

    test_reads();
    test_faults(MEMORY, 0, 0, few, "an allocation fails, new store");
    test_faults(MEMORY, 0, 1, some, "an allocation fails");
    test_faults(MEMORY, 1, 1, few, "all allocations from the n-th on fail");
    test_faults(DISK, 0, 0, 1, "a file operation fails, new store");
    test_faults(DISK, 0, 1, 1, "a file operation fails");
    test_faults(DISK, 1, 1, 1, "all file operations from the n-th on fail");
    test_faults(STEP, 0, 0, 1, "a step fails, new store");
    test_faults(STEP, 0, 1, 1, "a step fails");
    test_faults(STEP, 1, 1, 1, "all steps from the n-th on fail");

    clean();

    return done();
}
