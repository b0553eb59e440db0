
/* names that look alike */

#include "unit.h"
#include "social_confusable.h"


static int
same(const char *a, const char *b)
{
    social_str_t  x, y;

    x.data = (const unsigned char *) a;
    x.len = strlen(a);
    y.data = (const unsigned char *) b;
    y.len = strlen(b);

    return social_confusable_same(x, y) && social_confusable_same(y, x);
}


static void
alike(const char *a, const char *b)
{
    ok(same(a, b), "\"%s\" and \"%s\" look alike", a, b);
}


static void
differ(const char *a, const char *b)
{
    ok(!same(a, b), "\"%s\" and \"%s\" differ", a, b);
}


/* a long name is cut, and only the same as one that begins so */

static void
longest(void)
{
    char          name[2000];
    social_str_t  text;
    social_confusable_t  skeleton;

    memset(name, 'm', sizeof(name));
    text.data = (const unsigned char *) name;
    text.len = sizeof(name);

    social_confusable_skeleton(text, SOCIAL_CONFUSABLE_LOOK, &skeleton);

    ok(skeleton.len > 1000 && skeleton.len <= sizeof(skeleton.data),
       "a long name is cut");
}


int
main(void)
{
    alike("Anna", "Anna");
    alike("Anna", "anna");
    alike("Anna", "ANNA");
    alike("Anna Maria", "AnnaMaria");
    alike("Anna", " A n\xe2\x80\x8bn\xc2\xad\x61\xef\xbb\xbf ");
    alike("Anna", "A\xe2\x81\xa0nn\xf3\xa0\x80\xa1\x61\xef\xb8\x8f");

    /* Cyrillic, Greek, full width, mathematical */
    alike("Anna", "\xd0\x90nna");
    alike("Anna", "Ann\xd0\xb0");
    alike("ANNA", "\xce\x91\xce\x9d\xce\x9d\xce\x91");
    alike("Bob", "\xd0\x92ob");
    alike("Tom", "\xd0\xa2\xd0\xbem");
    alike("Peter", "\xd0\xa0\xd0\xb5t\xd0\xb5r");
    alike("Anna", "\xef\xbc\xa1\xef\xbd\x8e\xef\xbd\x8e\xef\xbd\x81");
    alike("Anna", "\xf0\x9d\x90\x80\xf0\x9d\x90\xa7\xf0\x9d\x90\xa7"
          "\xf0\x9d\x90\x9a");
    alike("Agent7", "Agent\xf0\x9d\x9f\x95");

    /* within ASCII */
    alike("Ian", "lan");
    alike("Ian", "1an");
    alike("Bill", "BiII");
    alike("Otto", "0tt0");
    alike("Mary", "rnary");
    alike("Mary", "RNARY");
    alike("Walter", "vvalter");

    /* accents, composed or not */
    alike("Andr\xc3\xa9", "Andre\xcc\x81");
    alike("Andr\xc3\xa9", "Andre");
    alike("M\xc3\xbcller", "MULLER");

    /* names of other scripts: case, and letters of our own in them */
    alike("\xd0\x9d\xd0\xb8\xd0\xbd\xd0\xb0",
          "\xd0\xbd\xd0\xb8\xd0\xbd\xd0\xb0");
    alike("\xd0\x9d\xd0\xb8\xd0\xbd\xd0\xb0",
          "\xd0\x9d\xd0\x98\xd0\x9d\xd0\x90");
    alike("\xd0\x9d\xd0\xb8\xd0\xbd\xd0\xb0", "H\xd0\xb8\xd0\xbd" "a");
    alike("\xce\xa3\xce\xbf\xcf\x86\xce\xaf\xce\xb1",
          "\xce\xa3\xce\x9f\xce\xa6\xce\x99\xce\x91");
    alike("\xd0\x90\xd0\xbd\xd0\xbd\xd0\xb0", "AHHA");
    alike("\xd0\x92\xd0\xbe\xd0\xb2\xd0\xb0", "BOBA");
    alike("\xe6\x9d\x8e", "\xe6\x9d\x8e");
    alike("\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80");

    differ("Anna", "Ann");
    differ("Anna", "Anne");
    differ("Anna", "Hanna");
    differ("Anna", "Anna2");
    differ("Hana", "Nana");
    differ("Una", "Yna");
    differ("\xe6\x9d\x8e", "\xe7\x8e\x8b");
    differ("\xf0\x9f\x98\x80", "\xf0\x9f\x98\x81");
    differ("\xd0\x9d\xd0\xb8\xd0\xbd\xd0\xb0", "Nina");
    differ("", "");
    differ("\xe2\x80\x8b", " ");

    longest();

    return done();
}
