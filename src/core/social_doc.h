
/*
 * Builds cJSON documents, for templates and for answers.
 *
 * Errors are sticky, as in social_out_t: if memory runs out for a part, the
 * object or array that should have had it is marked, and building goes on.
 * Before a document is used, ask social_doc_is_complete() once: an incomplete
 * page must not be sent, since it looks right but may lack its CSRF token.
 *
 * obj and array may be NULL if they could not be made; their parent is marked
 * then.  Any thread; a document belongs to one thread at a time.
 */

#ifndef SOCIAL_DOC_H_INCLUDED
#define SOCIAL_DOC_H_INCLUDED


#include "social_json.h"
#include "social_out.h"


void social_doc_text(cJSON *obj, const char *name, const char *text);
void social_doc_bytes(cJSON *obj, const char *name, const void *data,
    size_t len);
void social_doc_number(cJSON *obj, const char *name, double value);
void social_doc_bool(cJSON *obj, const char *name, int value);
void social_doc_null(cJSON *obj, const char *name);

/* NULL: out of memory */
cJSON *social_doc_object(cJSON *obj, const char *name);
cJSON *social_doc_array(cJSON *obj, const char *name);

/* adds an item and takes it over, also on failure; NULL: it could not be
 * made */
void social_doc_add(cJSON *obj, const char *name, cJSON *item);
void social_doc_append(cJSON *array, cJSON *item);

/* adds what was written to out as text, or nothing if it was too long; frees
 * out */
void social_doc_out(cJSON *obj, const char *name, social_out_t *out);

/* adds an object of somebody else's that must live as long as obj */
void social_doc_reference(cJSON *obj, const char *name, cJSON *item);

/* 0: something is missing, or doc is NULL */
int social_doc_is_complete(const cJSON *doc);

/*
 * Prints a document and frees it; out fails if it is not complete.  "<", which
 * occurs in strings only, is escaped: with "ssi on" for its type nginx would
 * execute a command in a reader's text.
 */
void social_doc_print(social_out_t *out, cJSON *doc);

/*
 * A document that is a list, printed item by item, so that it needs the memory
 * of one item and ends before out->max: begin() prints the members of head and
 * opens an array, end() closes it and adds "next", a string, or null for NULL.
 * Item number n is taken over; SOCIAL_DECLINED: it did not fit, and was not the
 * first.
 */
void social_doc_list_begin(social_out_t *out, cJSON *head, const char *name);
int social_doc_list_item(social_out_t *out, size_t n, cJSON *item);
void social_doc_list_end(social_out_t *out, const char *next);


#endif /* SOCIAL_DOC_H_INCLUDED */
