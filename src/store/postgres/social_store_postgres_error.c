
/*
 * Errors of a PostgreSQL connection: what they mean for the operation, and
 * their words.  Only the server's first line is told: its details may quote
 * what readers wrote.  Any thread.
 */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "social_store_postgres.h"


typedef struct {
    const char            *state;       /* SQLSTATE, or how it begins */
    social_pg_end_e        end;
    social_store_fault_e   fault;
    const char            *hint;
} social_pg_state_t;


/* the first row that matches counts */

static const social_pg_state_t  social_pg_states[] = {
    { "22", SOCIAL_PG_REFUSED, SOCIAL_STORE_AWAY, "" },
    { "23", SOCIAL_PG_REFUSED, SOCIAL_STORE_AWAY, "" },
    { "54", SOCIAL_PG_REFUSED, SOCIAL_STORE_AWAY, "" },
    { "26000", SOCIAL_PG_REPEAT, SOCIAL_STORE_AWAY, "" },
    { "42P05", SOCIAL_PG_REPEAT, SOCIAL_STORE_AWAY, "" },
    { "40", SOCIAL_PG_REPEAT, SOCIAL_STORE_AWAY, "" },
    { "57P", SOCIAL_PG_LOST, SOCIAL_STORE_AWAY, "" },
    { "08", SOCIAL_PG_LOST, SOCIAL_STORE_AWAY, "" },
    { "25P03", SOCIAL_PG_LOST, SOCIAL_STORE_AWAY, "" },
    { "25006", SOCIAL_PG_LOST, SOCIAL_STORE_AWAY,
      ", is it a standby?" },
    { "42501", SOCIAL_PG_FAILED, SOCIAL_STORE_AWAY,
      ", does the role own the schema, or may it create one?" },
    { "53100", SOCIAL_PG_FAILED, SOCIAL_STORE_AWAY,
      ", is there space left on its disk?" },
    { "53200", SOCIAL_PG_FAILED, SOCIAL_STORE_AWAY, "" },
    { "42", SOCIAL_PG_FAILED, SOCIAL_STORE_CORRUPT,
      ", is the schema another program's?" },
    { "3F", SOCIAL_PG_FAILED, SOCIAL_STORE_CORRUPT, "" },
    { "XX", SOCIAL_PG_FAILED, SOCIAL_STORE_CORRUPT, "" },
    { "", SOCIAL_PG_FAILED, SOCIAL_STORE_AWAY, "" }
};


void
social_pg_start(social_pg_t *s, const char *op)
{
    /* answers that an operation before did not take, because it failed */

    while (s->taken < s->nresults) {
        PQclear(s->results[s->taken++]);
    }

    s->op = op;
    s->end = SOCIAL_PG_FINE;
}


/* the first line of what libpq says, without the server's name, which stands
 * at the end of our messages */

static void
social_pg_line(const char *message, char *line, size_t size)
{
    size_t       len;
    const char  *p;

    static const char  failed[] = " failed: ";

    message = message ? message : "";
    p = strstr(message, failed);

    if (p != NULL) {
        message = p + sizeof(failed) - 1;
    }

    p = message;

    if (strncmp(p, "FATAL:  ", 8) == 0 || strncmp(p, "ERROR:  ", 8) == 0) {
        p += 8;
    }

    len = strcspn(p, "\n");

    snprintf(line, size, "%.*s", (int) len, len ? p : "");
}


void
social_pg_error(social_pg_t *s, const PGresult *result)
{
    char                      line[160];
    const char               *state;
    const social_pg_state_t  *row;

    if (s->end != SOCIAL_PG_FINE) {
        return;
    }

    state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    if (state == NULL) {
        social_pg_lost(s, NULL);
        return;
    }

    for (row = social_pg_states;
         strncmp(state, row->state, strlen(row->state)) != 0;
         row++)
    {
        /* void */
    }

    if (strcmp(row->state, "26000") == 0 || strcmp(row->state, "42P05") == 0) {
        s->unnamed = 1;
    }

    s->end = row->end;

    social_pg_line(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY), line,
                   sizeof(line));
    social_store_error(&s->error, row->fault, s->op, "%s (%s): \"%s\"%s",
                       line, state, s->place, row->hint);
}


void
social_pg_lost(social_pg_t *s, const char *why)
{
    char  line[160];

    if (s->end != SOCIAL_PG_FINE) {
        return;
    }

    if (why == NULL) {
        social_pg_line(PQerrorMessage(s->db), line, sizeof(line));
        why = line[0] ? line : "the connection was closed";
    }

    s->end = SOCIAL_PG_LOST;
    social_store_error(&s->error, SOCIAL_STORE_AWAY, s->op,
                       "connection to PostgreSQL: %s: \"%s\"", why, s->place);
}


void
social_pg_memory(social_pg_t *s)
{
    social_pg_fail(s, SOCIAL_STORE_MEMORY, "no memory");
}


void
social_pg_fail(social_pg_t *s, social_store_fault_e fault, const char *fmt,
    ...)
{
    va_list  args;

    if (s->end != SOCIAL_PG_FINE) {
        return;
    }

    s->end = SOCIAL_PG_FAILED;

    va_start(args, fmt);
    social_store_error_list(&s->error, fault, s->op, fmt, args);
    va_end(args);
}


int
social_pg_failed(social_pg_t *s, social_store_error_t *err)
{
    if (err != NULL) {
        *err = s->error;
    }

    return SOCIAL_ERROR;
}
