
/*
 * How the writer's connection writes SQLite's write-ahead log.
 *
 * SQLite writes each page of a commit in two pieces, with a seek before each:
 * a batch of comments is some hundred system calls.  They follow one another
 * without a gap, so they are collected here and written together, when SQLite
 * syncs the log or does anything else with it.
 *
 * That is safe because of synchronous=FULL: SQLite syncs the log before it
 * tells anybody of the pages, and looks at what the sync returns.  With any
 * other setting readers would be led to pages that are not there yet.
 *
 * All other files are SQLite's own business.  A file belongs to one connection,
 * so to one thread at a time.  Pool threads only.
 */

#include <pthread.h>
#include <string.h>

#include "social_store_sqlite.h"


/* SQLite's own VFS writes no more at once */
#define SOCIAL_SQLITE_VFS_BUFFER  0x1ffff


typedef struct {
    sqlite3_file    base;       /* first: SQLite knows the file by it */
    sqlite3_file   *real;       /* of SQLite's own VFS, right behind this */
    unsigned char  *buf;        /* NULL: not needed yet, or no memory */
    sqlite3_int64   at;         /* where buf belongs in the file */
    int             len;
} social_sqlite_vfs_file_t;


static sqlite3_vfs         social_sqlite_vfs_table;
static sqlite3_vfs        *social_sqlite_vfs_real;
static sqlite3_io_methods  social_sqlite_vfs_methods;


static int
social_sqlite_vfs_flush(social_sqlite_vfs_file_t *file)
{
    int  len;

    len = file->len;
    file->len = 0;

    return len ? file->real->pMethods->xWrite(file->real, file->buf, len,
                                              file->at)
               : SQLITE_OK;
}


static int
social_sqlite_vfs_close(sqlite3_file *f)
{
    int                        rc, closed;
    social_sqlite_vfs_file_t  *file = (social_sqlite_vfs_file_t *) f;

    rc = social_sqlite_vfs_flush(file);
    closed = file->real->pMethods->xClose(file->real);

    sqlite3_free(file->buf);
    file->buf = NULL;

    return rc == SQLITE_OK ? closed : rc;
}


static int
social_sqlite_vfs_read(sqlite3_file *f, void *data, int n, sqlite3_int64 at)
{
    int                        rc;
    social_sqlite_vfs_file_t  *file = (social_sqlite_vfs_file_t *) f;

    rc = social_sqlite_vfs_flush(file);

    return rc == SQLITE_OK
           ? file->real->pMethods->xRead(file->real, data, n, at) : rc;
}


static int
social_sqlite_vfs_write(sqlite3_file *f, const void *data, int n,
    sqlite3_int64 at)
{
    int                        rc;
    social_sqlite_vfs_file_t  *file = (social_sqlite_vfs_file_t *) f;

    if (file->len
        && (at != file->at + file->len
            || n > SOCIAL_SQLITE_VFS_BUFFER - file->len))
    {
        rc = social_sqlite_vfs_flush(file);

        if (rc != SQLITE_OK) {
            return rc;
        }
    }

    if (file->buf == NULL) {
        file->buf = sqlite3_malloc(SOCIAL_SQLITE_VFS_BUFFER);
    }

    if (file->buf == NULL || n > SOCIAL_SQLITE_VFS_BUFFER) {
        return file->real->pMethods->xWrite(file->real, data, n, at);
    }

    if (file->len == 0) {
        file->at = at;
    }

    memcpy(file->buf + file->len, data, (size_t) n);
    file->len += n;

    return SQLITE_OK;
}


static int
social_sqlite_vfs_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    int                        rc;
    social_sqlite_vfs_file_t  *file = (social_sqlite_vfs_file_t *) f;

    rc = social_sqlite_vfs_flush(file);

    return rc == SQLITE_OK
           ? file->real->pMethods->xTruncate(file->real, size) : rc;
}


static int
social_sqlite_vfs_sync(sqlite3_file *f, int flags)
{
    int                        rc;
    social_sqlite_vfs_file_t  *file = (social_sqlite_vfs_file_t *) f;

    rc = social_sqlite_vfs_flush(file);

    return rc == SQLITE_OK ? file->real->pMethods->xSync(file->real, flags)
                           : rc;
}


static int
social_sqlite_vfs_size(sqlite3_file *f, sqlite3_int64 *size)
{
    int                        rc;
    social_sqlite_vfs_file_t  *file = (social_sqlite_vfs_file_t *) f;

    rc = social_sqlite_vfs_flush(file);

    return rc == SQLITE_OK
           ? file->real->pMethods->xFileSize(file->real, size) : rc;
}


static int
social_sqlite_vfs_lock(sqlite3_file *f, int level)
{
    social_sqlite_vfs_file_t  *file = (social_sqlite_vfs_file_t *) f;

    return file->real->pMethods->xLock(file->real, level);
}


static int
social_sqlite_vfs_unlock(sqlite3_file *f, int level)
{
    social_sqlite_vfs_file_t  *file = (social_sqlite_vfs_file_t *) f;

    return file->real->pMethods->xUnlock(file->real, level);
}


static int
social_sqlite_vfs_reserved(sqlite3_file *f, int *reserved)
{
    social_sqlite_vfs_file_t  *file = (social_sqlite_vfs_file_t *) f;

    return file->real->pMethods->xCheckReservedLock(file->real, reserved);
}


static int
social_sqlite_vfs_control(sqlite3_file *f, int op, void *data)
{
    social_sqlite_vfs_file_t  *file = (social_sqlite_vfs_file_t *) f;

    return file->real->pMethods->xFileControl(file->real, op, data);
}


static int
social_sqlite_vfs_sector(sqlite3_file *f)
{
    social_sqlite_vfs_file_t  *file = (social_sqlite_vfs_file_t *) f;

    return file->real->pMethods->xSectorSize(file->real);
}


static int
social_sqlite_vfs_device(sqlite3_file *f)
{
    social_sqlite_vfs_file_t  *file = (social_sqlite_vfs_file_t *) f;

    return file->real->pMethods->xDeviceCharacteristics(file->real);
}


static int
social_sqlite_vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f,
    int flags, int *out)
{
    int                        rc;
    social_sqlite_vfs_file_t  *file = (social_sqlite_vfs_file_t *) f;

    vfs = social_sqlite_vfs_real;

    if (!(flags & SQLITE_OPEN_WAL)) {
        return vfs->xOpen(vfs, name, f, flags, out);
    }

    memset(file, 0, sizeof(social_sqlite_vfs_file_t));
    file->real = (sqlite3_file *) (file + 1);

    rc = vfs->xOpen(vfs, name, file->real, flags, out);

    /* without methods SQLite does not close it */

    file->base.pMethods = file->real->pMethods ? &social_sqlite_vfs_methods
                                               : NULL;

    return rc;
}


static void
social_sqlite_vfs_register(void)
{
    sqlite3_vfs         *vfs;
    sqlite3_io_methods  *methods;

    social_sqlite_vfs_real = sqlite3_vfs_find(NULL);

    if (social_sqlite_vfs_real == NULL) {
        return;
    }

    methods = &social_sqlite_vfs_methods;
    methods->iVersion = 1;              /* shared memory is the main file's */
    methods->xClose = social_sqlite_vfs_close;
    methods->xRead = social_sqlite_vfs_read;
    methods->xWrite = social_sqlite_vfs_write;
    methods->xTruncate = social_sqlite_vfs_truncate;
    methods->xSync = social_sqlite_vfs_sync;
    methods->xFileSize = social_sqlite_vfs_size;
    methods->xLock = social_sqlite_vfs_lock;
    methods->xUnlock = social_sqlite_vfs_unlock;
    methods->xCheckReservedLock = social_sqlite_vfs_reserved;
    methods->xFileControl = social_sqlite_vfs_control;
    methods->xSectorSize = social_sqlite_vfs_sector;
    methods->xDeviceCharacteristics = social_sqlite_vfs_device;

    vfs = &social_sqlite_vfs_table;
    *vfs = *social_sqlite_vfs_real;
    vfs->pNext = NULL;
    vfs->zName = "social";
    vfs->xOpen = social_sqlite_vfs_open;
    vfs->szOsFile += (int) sizeof(social_sqlite_vfs_file_t);

    if (sqlite3_vfs_register(vfs, 0) != SQLITE_OK) {
        vfs->zName = NULL;
    }
}


const char *
social_sqlite_vfs(void)
{
    static pthread_once_t  once = PTHREAD_ONCE_INIT;

    (void) pthread_once(&once, social_sqlite_vfs_register);

    return social_sqlite_vfs_table.zName;
}
