
/*
 * A slow disk, for tests: LD_PRELOAD=slow_sync.so makes every sync take as many
 * milliseconds as the file says that SLOW_SYNC names.
 */

#define _GNU_SOURCE

#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>


static char  slow_path[4096];


__attribute__((constructor)) static void
slow_init(void)
{
    const char  *path;

    path = getenv("SLOW_SYNC");

    if (path && strlen(path) < sizeof(slow_path)) {
        strcpy(slow_path, path);
    }
}


static void
slow_wait(void)
{
    int              fd;
    long             msec;
    char             buf[32];
    ssize_t          n;
    struct timespec  ts;

    fd = open(slow_path, O_RDONLY);
    if (fd == -1) {
        return;
    }

    n = read(fd, buf, sizeof(buf) - 1);
    close(fd);

    if (n <= 0) {
        return;
    }

    buf[n] = '\0';
    msec = atol(buf);
    ts.tv_sec = msec / 1000;
    ts.tv_nsec = msec % 1000 * 1000000;

    while (nanosleep(&ts, &ts) == -1) {
        /* a signal */
    }
}


int
fsync(int fd)
{
    static int  (*real)(int);

    if (real == NULL) {
        *(void **) &real = dlsym(RTLD_NEXT, "fsync");
    }

    slow_wait();

    return real(fd);
}


int
fdatasync(int fd)
{
    static int  (*real)(int);

    if (real == NULL) {
        *(void **) &real = dlsym(RTLD_NEXT, "fdatasync");
    }

    slow_wait();

    return real(fd);
}
