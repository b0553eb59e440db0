
/*
 * Lets the n-th allocation or file read fail, for tests: LD_PRELOAD=faults.so.
 * The file that FAULTS names is a plan_t shared by all processes; a test may
 * write it at any time.
 *
 * There are several kinds of calls: what the module asks nginx for (pools,
 * lists, shared memory), each call, whether or not the pool has room; what the
 * module and its libraries take from malloc(); its reads of files, and the
 * threads that read; and nginx's own malloc(), which may fail in any part of
 * nginx.
 *
 * The module's calls of nginx are replaced in its table of addresses, as soon
 * as nginx has loaded it.
 */

#define _GNU_SOURCE

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>


enum {
    FAULT_POOL = 1,
    FAULT_HEAP = 2,
    FAULT_READ = 4,
    FAULT_NGINX = 8
};


typedef struct {
    int64_t  left;          /* calls until the fault */
    int64_t  fired;
    int32_t  kinds;         /* kinds of calls that count */
    int32_t  forever;       /* later calls fail, too */
} plan_t;


typedef void *(*call_pt)(void *a, void *b, void *c, void *d);


/* the sanitizer's functions if there is one, else those of libc */

extern void *__interceptor_malloc(size_t) __attribute__((weak));
extern void *__interceptor_calloc(size_t, size_t) __attribute__((weak));
extern void *__interceptor_realloc(void *, size_t) __attribute__((weak));
extern int __interceptor_posix_memalign(void **, size_t, size_t)
    __attribute__((weak));
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);


static plan_t     none, *plan = &none;
static uintptr_t  nginx_start, nginx_end;


static int
fault(int kind)
{
    int64_t  left;

    if (!(__atomic_load_n(&plan->kinds, __ATOMIC_RELAXED) & kind)) {
        return 0;
    }

    left = __atomic_sub_fetch(&plan->left, 1, __ATOMIC_RELAXED);

    if (left > 0 || (left < 0 && !plan->forever)) {
        return 0;
    }

    (void) __atomic_add_fetch(&plan->fired, 1, __ATOMIC_RELAXED);

    return 1;
}


/* who calls malloc()? */

static int
fault_from(void *caller)
{
    uintptr_t  at = (uintptr_t) caller;

    if (!fault(at >= nginx_start && at < nginx_end ? FAULT_NGINX
                                                   : FAULT_HEAP))
    {
        return 0;
    }

    errno = ENOMEM;

    return 1;
}


void *
malloc(size_t size)
{
    if (fault_from(__builtin_return_address(0))) {
        return NULL;
    }

    return __interceptor_malloc ? __interceptor_malloc(size)
                                : __libc_malloc(size);
}


void *
calloc(size_t n, size_t size)
{
    if (fault_from(__builtin_return_address(0))) {
        return NULL;
    }

    return __interceptor_calloc ? __interceptor_calloc(n, size)
                                : __libc_calloc(n, size);
}


void *
realloc(void *p, size_t size)
{
    if (fault_from(__builtin_return_address(0))) {
        return NULL;
    }

    return __interceptor_realloc ? __interceptor_realloc(p, size)
                                 : __libc_realloc(p, size);
}


int
posix_memalign(void **p, size_t align, size_t size)
{
    if (fault_from(__builtin_return_address(0))) {
        return ENOMEM;
    }

    if (__interceptor_posix_memalign) {
        return __interceptor_posix_memalign(p, align, size);
    }

    *p = __libc_memalign(align, size);

    return *p ? 0 : ENOMEM;
}


/* nginx's functions as the module sees them: each takes at most four words;
 * those that return a number return NGX_ERROR */

#define FAULT_CALL(name, kind, failed)                                        \
                                                                              \
    static call_pt  real_##name;                                              \
                                                                              \
    static void *                                                             \
    fault_##name(void *a, void *b, void *c, void *d)                          \
    {                                                                         \
        if (fault(kind)) {                                                    \
            errno = kind == FAULT_READ ? EIO : ENOMEM;                        \
            return (void *) (intptr_t) (failed);                              \
        }                                                                     \
                                                                              \
        return real_##name(a, b, c, d);                                       \
    }


#define FAULT_CALLS(X)                                                        \
    X(ngx_alloc, FAULT_HEAP, 0)                                               \
    X(ngx_calloc, FAULT_HEAP, 0)                                              \
    X(ngx_palloc, FAULT_POOL, 0)                                              \
    X(ngx_pnalloc, FAULT_POOL, 0)                                             \
    X(ngx_pcalloc, FAULT_POOL, 0)                                             \
    X(ngx_pmemalign, FAULT_POOL, 0)                                           \
    X(ngx_pstrdup, FAULT_POOL, 0)                                             \
    X(ngx_array_create, FAULT_POOL, 0)                                        \
    X(ngx_array_push, FAULT_POOL, 0)                                          \
    X(ngx_array_push_n, FAULT_POOL, 0)                                        \
    X(ngx_list_create, FAULT_POOL, 0)                                         \
    X(ngx_list_push, FAULT_POOL, 0)                                           \
    X(ngx_create_pool, FAULT_POOL, 0)                                         \
    X(ngx_create_temp_buf, FAULT_POOL, 0)                                     \
    X(ngx_alloc_chain_link, FAULT_POOL, 0)                                    \
    X(ngx_chain_add_copy, FAULT_POOL, -1)                                     \
    X(ngx_pool_cleanup_add, FAULT_POOL, 0)                                    \
    X(ngx_slab_alloc, FAULT_POOL, 0)                                          \
    X(ngx_slab_calloc, FAULT_POOL, 0)                                         \
    X(ngx_slab_alloc_locked, FAULT_POOL, 0)                                   \
    X(ngx_slab_calloc_locked, FAULT_POOL, 0)                                  \
    X(ngx_http_complex_value, FAULT_POOL, -1)                                 \
    X(ngx_http_compile_complex_value, FAULT_POOL, -1)                         \
    X(ngx_http_add_variable, FAULT_POOL, 0)                                   \
    X(ngx_shared_memory_add, FAULT_POOL, 0)                                   \
    X(ngx_conf_full_name, FAULT_POOL, -1)                                     \
    X(ngx_regex_compile, FAULT_POOL, -1)                                      \
    X(ngx_thread_pool_add, FAULT_POOL, 0)                                     \
    X(ngx_thread_task_alloc, FAULT_POOL, 0)                                   \
    X(ngx_thread_task_post, FAULT_READ, -1)                                   \
    X(ngx_read_file, FAULT_READ, -1)                                          \
    X(open64, FAULT_READ, -1)                                                 \
    X(open, FAULT_READ, -1)                                                   \
    X(read, FAULT_READ, -1)                                                   \
    X(pread64, FAULT_READ, -1)                                                \
    X(pread, FAULT_READ, -1)                                                  \
    X(fstat64, FAULT_READ, -1)                                                \
    X(stat64, FAULT_READ, -1)                                                 \
    X(stat, FAULT_READ, -1)                                                   \
    X(realpath, FAULT_READ, 0)                                                \
    X(getrandom, FAULT_READ, -1)

#define FAULT_ROW(name, kind, failed)  { #name, &real_##name, fault_##name },

FAULT_CALLS(FAULT_CALL)

static const struct {
    const char  *name;
    call_pt     *real;
    call_pt      ours;
} calls[] = {
    FAULT_CALLS(FAULT_ROW)
};


static void
fault_patch(const char *name, void **slot)
{
    size_t  i;
    long    page;
    void   *base;

    for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {

        if (strcmp(calls[i].name, name) != 0) {
            continue;
        }

        page = sysconf(_SC_PAGESIZE);
        base = (void *) ((uintptr_t) slot & ~(uintptr_t) (page - 1));
        *(void **) calls[i].real = dlsym(RTLD_DEFAULT, name);

        if (mprotect(base, page, PROT_READ|PROT_WRITE) == 0) {
            *slot = (void *) calls[i].ours;
        }

        return;
    }
}


typedef ElfW(Dyn)   dynamic_t;
typedef ElfW(Sym)   symbol_t;
typedef ElfW(Rela)  address_t;


/* patches every address that the loader has resolved for the module */

static void
fault_module(const struct link_map *map)
{
    size_t             i, n[2] = { 0, 0 };
    const char        *names = NULL;
    const symbol_t    *symbols = NULL;
    const dynamic_t   *d;
    const address_t   *r, *table[2] = { NULL, NULL };

    for (d = map->l_ld; d->d_tag != DT_NULL; d++) {
        switch (d->d_tag) {
        case DT_STRTAB:
            names = (const char *) d->d_un.d_ptr;
            break;
        case DT_SYMTAB:
            symbols = (const symbol_t *) d->d_un.d_ptr;
            break;
        case DT_RELA:
            table[0] = (const address_t *) d->d_un.d_ptr;
            break;
        case DT_RELASZ:
            n[0] = d->d_un.d_val / sizeof(address_t);
            break;
        case DT_JMPREL:
            table[1] = (const address_t *) d->d_un.d_ptr;
            break;
        case DT_PLTRELSZ:
            n[1] = d->d_un.d_val / sizeof(address_t);
            break;
        }
    }

    for (i = 0; i < 2; i++) {
        for (r = table[i]; r < table[i] + n[i]; r++) {
            if (ELF64_R_SYM(r->r_info)) {
                fault_patch(names + symbols[ELF64_R_SYM(r->r_info)].st_name,
                            (void **) (map->l_addr + r->r_offset));
            }
        }
    }
}


void *
dlopen(const char *path, int flags)
{
    void   *handle;
    static void  *(*real)(const char *, int);

    if (real == NULL) {
        *(void **) &real = dlsym(RTLD_NEXT, "dlopen");
    }

    handle = real(path, flags);

    if (handle && path && strstr(path, "ngx_social_module")) {
        fault_module(handle);
    }

    return handle;
}


/* the first object in the list is the program */

static int
fault_program(struct dl_phdr_info *info, size_t size, void *data)
{
    int        i;
    uintptr_t  start, end;

    for (i = 0; i < info->dlpi_phnum; i++) {

        if (info->dlpi_phdr[i].p_type != PT_LOAD) {
            continue;
        }

        start = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
        end = start + info->dlpi_phdr[i].p_memsz;

        if (nginx_start == 0 || start < nginx_start) {
            nginx_start = start;
        }

        if (end > nginx_end) {
            nginx_end = end;
        }
    }

    return 1;
}


__attribute__((constructor)) static void
fault_init(void)
{
    int          fd;
    void        *p;
    const char  *path;

    (void) dl_iterate_phdr(fault_program, NULL);

    path = getenv("FAULTS");
    fd = path ? open(path, O_RDWR) : -1;

    if (fd == -1) {
        return;
    }

    p = mmap(NULL, sizeof(plan_t), PROT_READ|PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);

    if (p != MAP_FAILED) {
        plan = p;
    }
}
