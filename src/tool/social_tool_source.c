
/*
 * The bytes of a file or of standard input, which may be gzip.  A file that is
 * cut off is damaged, not short.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "social_tool.h"
#include "social_tool_source.h"


#define SOCIAL_TOOL_BLOCK  65536


struct social_tool_source_s {
    FILE           *file;
    const char     *path;
    z_stream        z;
    int64_t         size, done;         /* of the file; size 0: unknown */
    unsigned char   block[SOCIAL_TOOL_BLOCK];
    unsigned        gzip:1;
    unsigned        member:1;           /* in a member of a gzip file */
    unsigned        ended:1;
};


void
social_tool_progress(const char *what, int64_t done, int64_t total)
{
    int              i;
    static int       shown = -1;
    static unsigned  terminal = 2;

    if (terminal == 2) {
        terminal = (isatty(STDERR_FILENO) == 1);
    }

    if (!terminal) {
        return;
    }

    if (total <= 0) {

        if (shown >= 0) {
            fputs("\r\033[K", stderr);
        }

        shown = -1;
        return;
    }

    i = (int) (done < total ? done * 100 / total : 100);

    if (i == shown) {
        return;
    }

    shown = i;
    fprintf(stderr, "\r%-8s [", what);

    for (i = 0; i < 40; i++) {
        (void) fputc(i * 100 < shown * 40 ? '#' : ' ', stderr);
    }

    fprintf(stderr, "] %3d%%", shown);
    (void) fflush(stderr);
}


void
social_tool_source_progress(social_tool_source_t *source)
{
    social_tool_progress("reading", source->done, source->size);
}


static int
social_tool_source_gzip(social_tool_source_t *source)
{
    memset(&source->z, 0, sizeof(z_stream));

    return inflateInit2(&source->z, 15 + 16) == Z_OK ? SOCIAL_OK
                                                     : SOCIAL_ERROR;
}


social_tool_source_t *
social_tool_source_open(const char *path)
{
    size_t                 n;
    struct stat            st;
    social_tool_source_t  *source;

    source = calloc(1, sizeof(social_tool_source_t));

    if (source == NULL) {
        (void) social_tool_fail(SOCIAL_TOOL_INPUT, "no memory");
        return NULL;
    }

    source->path = path;
    source->file = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");

    if (source->file == NULL || fstat(fileno(source->file), &st) != 0
        || S_ISDIR(st.st_mode))
    {
        (void) social_tool_fail(SOCIAL_TOOL_INPUT, "cannot read \"%s\" (%s)",
                                path, strerror(source->file ? EISDIR : errno));
        social_tool_source_close(source);
        return NULL;
    }

    source->size = S_ISREG(st.st_mode) ? (int64_t) st.st_size : 0;

    n = fread(source->block, 1, sizeof(source->block), source->file);
    source->done = (int64_t) n;
    source->gzip = (n >= 2 && source->block[0] == 0x1f
                    && source->block[1] == 0x8b);

    if (source->gzip && social_tool_source_gzip(source) != SOCIAL_OK) {
        (void) social_tool_fail(SOCIAL_TOOL_INPUT, "no memory");
        social_tool_source_close(source);
        return NULL;
    }

    source->member = source->gzip;
    source->z.next_in = source->block;
    source->z.avail_in = (uInt) n;

    return source;
}


void
social_tool_source_close(social_tool_source_t *source)
{
    if (source == NULL) {
        return;
    }

    if (source->gzip) {
        (void) inflateEnd(&source->z);
    }

    if (source->file != NULL && source->file != stdin) {
        (void) fclose(source->file);
    }

    social_tool_progress("", 0, 0);
    free(source);
}


/* the next bytes of the file; 0: that was all; -1: an error */

static int
social_tool_source_fill(social_tool_source_t *source)
{
    size_t  n;

    if (source->z.avail_in) {
        return 1;
    }

    n = fread(source->block, 1, sizeof(source->block), source->file);

    if (n == 0 && ferror(source->file)) {
        (void) social_tool_fail(SOCIAL_TOOL_INPUT, "cannot read \"%s\" (%s)",
                                source->path, strerror(errno));
        return -1;
    }

    source->done += (int64_t) n;
    source->z.next_in = source->block;
    source->z.avail_in = (uInt) n;

    return n != 0;
}


static long
social_tool_source_inflate(social_tool_source_t *source, void *buf, size_t size)
{
    int   rc, filled;

    source->z.next_out = buf;
    source->z.avail_out = (uInt) size;

    while (source->z.avail_out == size) {

        filled = social_tool_source_fill(source);

        if (filled < 0) {
            return -1;
        }

        if (filled == 0 && !source->member) {
            return 0;
        }

        if (filled == 0) {
            (void) social_tool_fail(SOCIAL_TOOL_INPUT,
                                    "\"%s\" is cut off: its gzip data ends too "
                                    "early", source->path);
            return -1;
        }

        if (!source->member) {          /* another one, as gzip has it */
            (void) inflateReset(&source->z);
            source->member = 1;
        }

        rc = inflate(&source->z, Z_NO_FLUSH);

        if (rc == Z_STREAM_END) {
            source->member = 0;

        } else if (rc != Z_OK && rc != Z_BUF_ERROR) {
            (void) social_tool_fail(SOCIAL_TOOL_INPUT,
                                    "\"%s\" is damaged: its gzip data is wrong",
                                    source->path);
            return -1;
        }
    }

    return (long) (size - source->z.avail_out);
}


long
social_tool_source_read(social_tool_source_t *source, void *buf, size_t size)
{
    int     filled;
    size_t  n;

    if (source->gzip) {
        return social_tool_source_inflate(source, buf, size);
    }

    filled = social_tool_source_fill(source);

    if (filled <= 0) {
        return filled;
    }

    n = source->z.avail_in < size ? source->z.avail_in : size;
    memcpy(buf, source->z.next_in, n);
    source->z.next_in += n;
    source->z.avail_in -= (uInt) n;

    return (long) n;
}
