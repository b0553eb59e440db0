
/*
 * Documents of our own making: for templates and for answers.
 *
 * Errors are sticky, as in social_out_t: where there was no memory for a part
 * the object or array that should have had it is marked, the rest is built on
 * without it, and whoever hands the document on asks once whether it is
 * whole.  Half a document is none: a page without its token looks right.
 *
 * obj and array may be NULL where making them failed: then their parent has
 * the mark.  Any thread.
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

/* NULL: no memory */
cJSON *social_doc_object(cJSON *obj, const char *name);
cJSON *social_doc_array(cJSON *obj, const char *name);

/* an item of its own becomes a part; NULL is one that could not be made */
void social_doc_add(cJSON *obj, const char *name, cJSON *item);
void social_doc_append(cJSON *array, cJSON *item);

/* what was written to out, as text, or nothing where that was too much for
 * out; out is freed */
void social_doc_out(cJSON *obj, const char *name, social_out_t *out);

/* an object that stays somebody else's, and there as long as obj */
void social_doc_reference(cJSON *obj, const char *name, cJSON *item);

/* 0: something is missing, or doc is NULL */
int social_doc_is_complete(const cJSON *doc);


#endif /* SOCIAL_DOC_H_INCLUDED */
