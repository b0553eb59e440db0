
/*
 * Builds cJSON documents.  Owns the mark of incomplete parts: a bit of cJSON's
 * type that cJSON itself neither sets nor reads.  Any thread.
 */

#include "social_doc.h"

#include <stdlib.h>
#include <string.h>


#define SOCIAL_DOC_BROKEN     0x10000
#define SOCIAL_DOC_LIST_ROOM  64        /* bytes for what follows the items */


static void
social_doc_check(cJSON *parent, const cJSON *item)
{
    if (parent && item == NULL) {
        parent->type |= SOCIAL_DOC_BROKEN;
    }
}


void
social_doc_text(cJSON *obj, const char *name, const char *text)
{
    social_doc_check(obj, cJSON_AddStringToObject(obj, name, text));
}


void
social_doc_bytes(cJSON *obj, const char *name, const void *data, size_t len)
{
    char  *text;

    text = malloc(len + 1);

    if (text == NULL) {
        social_doc_check(obj, NULL);
        return;
    }

    if (len) {
        memcpy(text, data, len);
    }

    text[len] = '\0';
    social_doc_text(obj, name, text);
    free(text);
}


void
social_doc_number(cJSON *obj, const char *name, double value)
{
    social_doc_check(obj, cJSON_AddNumberToObject(obj, name, value));
}


void
social_doc_bool(cJSON *obj, const char *name, int value)
{
    social_doc_check(obj, cJSON_AddBoolToObject(obj, name, value));
}


void
social_doc_null(cJSON *obj, const char *name)
{
    social_doc_check(obj, cJSON_AddNullToObject(obj, name));
}


cJSON *
social_doc_object(cJSON *obj, const char *name)
{
    cJSON  *item;

    item = cJSON_AddObjectToObject(obj, name);
    social_doc_check(obj, item);

    return item;
}


cJSON *
social_doc_array(cJSON *obj, const char *name)
{
    cJSON  *item;

    item = cJSON_AddArrayToObject(obj, name);
    social_doc_check(obj, item);

    return item;
}


void
social_doc_add(cJSON *obj, const char *name, cJSON *item)
{
    if (!cJSON_AddItemToObject(obj, name, item)) {
        cJSON_Delete(item);
        social_doc_check(obj, NULL);
    }
}


void
social_doc_append(cJSON *array, cJSON *item)
{
    if (!cJSON_AddItemToArray(array, item)) {
        cJSON_Delete(item);
        social_doc_check(array, NULL);
    }
}


void
social_doc_out(cJSON *obj, const char *name, social_out_t *out)
{
    social_out_bytes(out, "", 1);

    if (!out->failed) {
        social_doc_text(obj, name, (const char *) out->data);

    } else if (!out->full) {
        social_doc_check(obj, NULL);
    }

    social_out_free(out);
}


void
social_doc_reference(cJSON *obj, const char *name, cJSON *item)
{
    social_doc_add(obj, name, cJSON_CreateObjectReference(item->child));
}


int
social_doc_is_complete(const cJSON *doc)
{
    const cJSON  *item;

    if (doc == NULL || (doc->type & SOCIAL_DOC_BROKEN)) {
        return 0;
    }

    if (doc->type & cJSON_IsReference) {
        return 1;
    }

    cJSON_ArrayForEach(item, doc) {
        if (item->child && !social_doc_is_complete(item)) {
            return 0;
        }

        if (item->type & SOCIAL_DOC_BROKEN) {
            return 0;
        }
    }

    return 1;
}


void
social_doc_print(social_out_t *out, cJSON *doc)
{
    char  *text, *p, *run;

    text = social_doc_is_complete(doc) ? cJSON_PrintUnformatted(doc) : NULL;
    cJSON_Delete(doc);

    if (text == NULL) {
        out->failed = 1;
        return;
    }

    for (run = text; (p = strchr(run, '<')) != NULL; run = p + 1) {
        social_out_bytes(out, run, (size_t) (p - run));
        social_out_text(out, "\\u003c");
    }

    social_out_text(out, run);
    cJSON_free(text);
}


void
social_doc_list_begin(social_out_t *out, cJSON *head, const char *name)
{
    size_t  start;

    start = out->len;
    social_doc_print(out, head);

    if (out->failed) {
        return;
    }

    out->len--;                                 /* the closing brace */
    social_out_text(out, out->len > start + 1 ? ",\"" : "\"");
    social_out_text(out, name);
    social_out_text(out, "\":[");
}


int
social_doc_list_item(social_out_t *out, size_t n, cJSON *item)
{
    social_out_t  part;

    social_out_init(&part, out->max);
    social_doc_print(&part, item);

    if (part.failed && !part.full) {
        out->failed = 1;

    } else if (n > 0 && (part.full || part.len + SOCIAL_DOC_LIST_ROOM
                                      > out->max - out->len))
    {
        social_out_free(&part);
        return SOCIAL_DECLINED;
    }

    social_out_text(out, n ? "," : "");
    social_out_bytes(out, part.data, part.len);
    out->failed |= part.failed;
    out->full |= part.full;
    social_out_free(&part);

    return SOCIAL_OK;
}


void
social_doc_list_end(social_out_t *out, const char *next)
{
    social_out_text(out, "],\"next\":");
    social_out_text(out, next ? "\"" : "null");
    social_out_text(out, next ? next : "");
    social_out_text(out, next ? "\"}" : "}");
}
