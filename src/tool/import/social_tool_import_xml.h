
/*
 * XML in pieces: elements with the text that is in them.  Expat parses; a file
 * that declares an entity is refused, so there are neither bombs nor foreign
 * files.
 */

#ifndef SOCIAL_TOOL_IMPORT_XML_H_INCLUDED
#define SOCIAL_TOOL_IMPORT_XML_H_INCLUDED


#include "social_tool_import.h"


typedef struct social_tool_xml_s  social_tool_xml_t;


/* a format: what is called for each element.  Names are without prefix; space
 * is the namespace */

typedef struct {
    const char  *what;          /* for messages: "a Disqus export" */
    const char  *root;          /* the outermost element */

    /* id: the attribute of this name, or "".  depth: 1 for the root */
    void       (*open)(void *data, social_tool_xml_t *xml, const char *name,
                       const char *space, social_str_t id);

    /* text: all that was in it, without that of elements in it; valid during
     * the call */
    void       (*close)(void *data, social_tool_xml_t *xml, const char *name,
                        const char *space, social_str_t text);
} social_tool_xml_format_t;


social_tool_exit_e social_tool_xml_read(social_tool_plan_t *plan,
    const char *path, const social_tool_xml_format_t *format, void *data);

/* where the parser is */
int64_t social_tool_xml_line(const social_tool_xml_t *xml);
size_t social_tool_xml_depth(const social_tool_xml_t *xml);


#endif /* SOCIAL_TOOL_IMPORT_XML_H_INCLUDED */
