
/*
 * Lets the n-th allocation fail, for every n.  A program that includes this has
 * its own malloc(), calloc(), realloc() and free() in front of the sanitizer's,
 * so that allocations of libraries fail, too.
 *
 *   fault_each("what", run)     calls run() without faults, then once for each
 *                               of its allocations with that one failing, then
 *                               once for each with all from there on failing;
 *                               returns the number of allocations
 *
 * run() returns SOCIAL_OK and writes its result, always the same, to out, or
 * returns another code.  A test fails if a result is wrong, if memory leaks, or
 * if run() does not work again afterwards.  For one thread.
 */

#ifndef FAULT_UNIT_H_INCLUDED
#define FAULT_UNIT_H_INCLUDED


#include <errno.h>
#include <sanitizer/common_interface_defs.h>

#include "social_out.h"
#include "unit.h"


#define FAULT_RESULT  (16 << 20)
#define FAULT_PLAIN   __attribute__((no_sanitize("address", "undefined")))


typedef int (*fault_run_pt)(social_out_t *out);


void *__interceptor_malloc(size_t size);
void *__interceptor_calloc(size_t n, size_t size);
void *__interceptor_realloc(void *p, size_t size);
void __interceptor_free(void *p);


static long  fault_left;            /* allocations until the fault, 0: none */
static long  fault_fired;           /* allocations that have failed */
static long  fault_blocks;          /* blocks that are allocated */
static int   fault_forever;         /* all later ones fail, too */
static int   fault_trace;           /* print where */


/* shall this allocation fail? */

FAULT_PLAIN static int
fault_now(void)
{
    if (fault_left == 0 || (fault_left > 1 && fault_left--)) {
        return 0;
    }

    if (!fault_forever) {
        fault_left = 0;
    }

    if (fault_trace && fault_fired == 0) {
        fault_left = 0;
        __sanitizer_print_stack_trace();
        fault_left = fault_forever;
    }

    fault_fired++;
    errno = ENOMEM;

    return 1;
}


FAULT_PLAIN void *
malloc(size_t size)
{
    void  *p;

    p = fault_now() ? NULL : __interceptor_malloc(size);
    fault_blocks += (p != NULL);

    return p;
}


FAULT_PLAIN void *
calloc(size_t n, size_t size)
{
    void  *p;

    p = fault_now() ? NULL : __interceptor_calloc(n, size);
    fault_blocks += (p != NULL);

    return p;
}


FAULT_PLAIN void *
realloc(void *old, size_t size)
{
    void  *p;

    p = fault_now() ? NULL : __interceptor_realloc(old, size);
    fault_blocks += (p != NULL && old == NULL);

    return p;
}


FAULT_PLAIN void
free(void *p)
{
    fault_blocks -= (p != NULL);
    __interceptor_free(p);
}


/* the sanitizer's strndup() would not call the malloc() above */

FAULT_PLAIN char *
strndup(const char *text, size_t n)
{
    char  *p;

    n = strnlen(text, n);
    p = malloc(n + 1);

    if (p) {
        memcpy(p, text, n);
        p[n] = '\0';
    }

    return p;
}


FAULT_PLAIN char *
strdup(const char *text)
{
    return strndup(text, strlen(text));
}


/* fault_run() calls run() with the n-th allocation failing, and returns 0 if
 * there were fewer */

typedef struct {
    int           rc;
    long          grown;            /* blocks that were not freed */
    social_out_t  out;
} fault_result_t;


__attribute__((unused))
static long
fault_run(fault_run_pt run, long n, fault_result_t *result)
{
    long  blocks;

    social_out_init(&result->out, FAULT_RESULT);
    blocks = fault_blocks;
    fault_fired = 0;
    fault_left = n;

    result->rc = run(&result->out);

    fault_left = 0;
    result->grown = fault_blocks - blocks - (result->out.data != NULL);

    return fault_fired;
}


__attribute__((unused))
static int
fault_same(const fault_result_t *got, const fault_result_t *want)
{
    return got->rc == SOCIAL_OK && !got->out.failed
           && got->out.len == want->out.len
           && (want->out.len == 0
               || memcmp(got->out.data, want->out.data, want->out.len) == 0);
}


/* a library may keep a block for later: a leak grows again in the next run */

__attribute__((unused))
static int
fault_leaks(fault_run_pt run, long n, fault_result_t *result)
{
    int  i;

    for (i = 0; result->grown > 0 && i < 2; i++) {
        social_out_free(&result->out);
        (void) fault_run(run, n, result);
    }

    return result->grown > 0;
}


__attribute__((unused))
static long
fault_all(const char *what, fault_run_pt run, const fault_result_t *want)
{
    int             wrong, leaks, bad;
    long            n;
    fault_result_t  got;

    bad = 0;

    for (n = 1; fault_run(run, n, &got); n++) {

        wrong = (got.rc == SOCIAL_OK && !got.out.failed
                 && !fault_same(&got, want));
        leaks = fault_leaks(run, n, &got);
        social_out_free(&got.out);

        if ((wrong || leaks) && bad++ < 5) {
            printf("# %s: allocation %ld: %s%s\n", what, n,
                   wrong ? "a wrong result " : "", leaks ? "a leak" : "");
            fflush(stdout);
            fault_trace = 1;
            (void) fault_run(run, n, &got);
            social_out_free(&got.out);
            fault_trace = 0;
        }
    }

    if (!fault_same(&got, want)) {
        printf("# %s: afterwards: code %d, %zu bytes for %zu\n", what, got.rc,
               got.out.len, want->out.len);
        bad++;
    }

    social_out_free(&got.out);

    ok(bad == 0, "%s: each of %ld allocations failed once%s", what, n - 1,
       fault_forever ? " with all that follow" : "");

    return n - 1;
}


/* returns the number of allocations */

__attribute__((unused))
static long
fault_each(const char *what, fault_run_pt run)
{
    long            n;
    fault_result_t  want;

    /* let libraries allocate what they keep */
    (void) fault_run(run, 0, &want);
    social_out_free(&want.out);

    (void) fault_run(run, 0, &want);
    ok(want.rc == SOCIAL_OK && !want.out.failed && want.grown == 0,
       "%s: works", what);

    fault_forever = 0;
    n = fault_all(what, run, &want);
    fault_forever = 1;
    (void) fault_all(what, run, &want);
    fault_forever = 0;

    social_out_free(&want.out);

    return n;
}


#endif /* FAULT_UNIT_H_INCLUDED */
