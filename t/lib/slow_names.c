
/*
 * A resolver that hangs, for tests: LD_PRELOAD=slow_names.so lets no look-up of
 * a name end as long as there is the file that SLOW_NAMES names.
 */

#define _GNU_SOURCE

#include <dlfcn.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>


#define SLOW_NAMES  16


static char                 slow_path[4096];
static const struct gaicb  *slow_hanging[SLOW_NAMES];
static size_t               slow_n;


__attribute__((constructor)) static void
slow_init(void)
{
    const char  *path;

    path = getenv("SLOW_NAMES");

    if (path && strlen(path) < sizeof(slow_path)) {
        strcpy(slow_path, path);
    }
}


static void *
slow_real(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}


static int
slow_hangs(const struct gaicb *req)
{
    size_t  i;

    for (i = 0; i < slow_n && i < SLOW_NAMES; i++) {
        if (slow_hanging[i] == req) {
            return 1;
        }
    }

    return 0;
}


int
getaddrinfo(const char *node, const char *service,
    const struct addrinfo *hints, struct addrinfo **res)
{
    int  (*real)(const char *, const char *, const struct addrinfo *,
                 struct addrinfo **);

    while ((hints == NULL || !(hints->ai_flags & AI_NUMERICHOST))
           && access(slow_path, F_OK) == 0)
    {
        sleep(1);
    }

    *(void **) &real = slow_real("getaddrinfo");

    return real(node, service, hints, res);
}


int
getaddrinfo_a(int mode, struct gaicb *list[], int n, struct sigevent *sev)
{
    int  (*real)(int, struct gaicb **, int, struct sigevent *);

    if (access(slow_path, F_OK) == 0) {
        slow_hanging[slow_n++ % SLOW_NAMES] = list[0];
        return 0;
    }

    *(void **) &real = slow_real("getaddrinfo_a");

    return real(mode, list, n, sev);
}


int
gai_error(struct gaicb *req)
{
    int  (*real)(struct gaicb *);

    if (slow_hangs(req)) {
        return EAI_INPROGRESS;
    }

    *(void **) &real = slow_real("gai_error");

    return real(req);
}


int
gai_suspend(const struct gaicb *const list[], int n,
    const struct timespec *timeout)
{
    int  (*real)(const struct gaicb *const *, int, const struct timespec *);

    if (slow_hangs(list[0])) {
        nanosleep(timeout, NULL);
        return EAI_AGAIN;
    }

    *(void **) &real = slow_real("gai_suspend");

    return real(list, n, timeout);
}


int
gai_cancel(struct gaicb *req)
{
    int  (*real)(struct gaicb *);

    if (slow_hangs(req)) {
        return EAI_NOTCANCELED;
    }

    *(void **) &real = slow_real("gai_cancel");

    return real(req);
}
