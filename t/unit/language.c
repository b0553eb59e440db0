
/*
 * social_language.c: the tables of src/assets/lang, read as the configuration
 * reads them.  That they have all texts is t/lint/assets.pl's.
 */

#include "unit.h"
#include "social_asset.h"
#include "social_language.h"


static social_language_t  languages[SOCIAL_LANGUAGE_MAX];
static size_t             n;


static void
load(void)
{
    unsigned               i;
    const social_asset_t  *asset;

    for (i = 0; (asset = social_asset_at(i)) != NULL; i++) {
        if (asset->kind == SOCIAL_ASSET_LANGUAGE && n < SOCIAL_LANGUAGE_MAX) {
            is_int(social_language_read(&languages[n++], asset->name,
                                        asset->data,
                                        (size_t) (asset->end - asset->data)),
                   SOCIAL_OK, asset->name);
        }
    }

    is_int((int64_t) n, 15, "fifteen languages");
}


static const struct {
    const char  *tag;
    const char  *found;
} tags[] = {
    { "en", "en" }, { "en-GB", "en" }, { "EN_us", "en" }, { "de-AT", "de" },
    { "pt", "pt" }, { "pt-BR", "pt" }, { "pt-PT", "pt" }, { "es-419", "es" },
    { "fr-CA-x-house", "fr" }, { "sr-Latn", "en" }, { "ar-EG", "ar" },
    { "zh", "zh" }, { "zh-CN", "zh" }, { "zh-Hans", "zh" },
    { "zh-Hans-SG", "zh" }, { "zh-Hant", "zh" }, { "zh-TW", "zh" },
    { "ja-JP", "ja" }, { "ko-KR", "ko" }, { "uk-UA", "uk" }, { "ru", "ru" },
    { "nl-BE", "nl" }, { "it-CH", "it" }, { "tr-TR", "tr" }, { "pl", "pl" },
    { "sv", "en" }, { "x-de", "en" }, { "", "en" }, { "-", "en" },
    { "d", "en" }, { "deu", "en" }
};


static void
find(void)
{
    size_t    i;
    unsigned  found;

    for (i = 0; i < social_nelts(tags); i++) {
        found = social_language_find(languages, n, tags[i].tag,
                                     strlen(tags[i].tag));
        is_str(languages[found].tag, tags[i].found, tags[i].tag);
    }
}


static const social_language_t *
language(const char *tag)
{
    return &languages[social_language_find(languages, n, tag, strlen(tag))];
}


static const struct {
    const char  *tag;
    int64_t      n;
    const char  *text;
} counts[] = {
    { "en", 1, "1 comment" }, { "en", 2, "2 comments" },
    { "de", 1, "1 Kommentar" }, { "fr", 1, "1 commentaire" },
    { "fr", 0, "0 commentaire" }, { "fr", 2, "2 commentaires" },
    { "fr", 1000000, "1000000 de commentaires" },
    { "it", 1, "1 commento" }, { "nl", 3, "3 reacties" },
    { "pl", 1, "1 komentarz" }, { "pl", 22, "22 komentarze" },
    { "pl", 12, "12 komentarzy" }, { "pl", 21, "21 komentarzy" },
    { "ru", 21, "21 комментарий" }, { "ru", 103, "103 комментария" },
    { "ru", 111, "111 комментариев" },
    { "uk", 1, "1 коментар" }, { "uk", 4, "4 коментарі" },
    { "uk", 14, "14 коментарів" },
    { "ar", 1, "تعليق واحد" }, { "ar", 2, "تعليقان" },
    { "ar", 3, "3 تعليقات" }, { "ar", 11, "11 تعليقًا" },
    { "ar", 100, "100 تعليق" },
    { "tr", 5, "5 yorum" }, { "ja", 1, "1件のコメント" },
    { "zh", 1, "1 条评论" }, { "ko", 7, "댓글 7개" }
};


static void
count(void)
{
    size_t        i;
    social_out_t  out;

    for (i = 0; i < social_nelts(counts); i++) {
        social_out_init(&out, 256);
        social_language_count(language(counts[i].tag), "comments",
                              counts[i].n, &out);
        social_out_bytes(&out, "", 1);
        is_str((char *) out.data, counts[i].text, counts[i].text);
        social_out_free(&out);
    }

    is_str(social_language_form(language("ja"), "comments", "one"), "",
           "a form that a language does not have");
    is_str(social_language_text(language("ja"), "none"), "",
           "a text that there is not");
}


static const struct {
    const char  *tag;
    const char  *date;
} dates[] = {
    { "en", "29 February 2024, 12:34 UTC" },
    { "de", "29. Februar 2024, 12:34 UTC" },
    { "fr", "29 février 2024 à 12:34 UTC" },
    { "es", "29 de febrero de 2024, 12:34 UTC" },
    { "ar", "29 فبراير 2024، 12:34 UTC" },
    { "pt", "29 de fevereiro de 2024, 12:34 UTC" },
    { "it", "29 febbraio 2024, 12:34 UTC" },
    { "nl", "29 februari 2024, 12:34 UTC" },
    { "pl", "29 lutego 2024, 12:34 UTC" },
    { "ru", "29 февраля 2024 г., 12:34 UTC" },
    { "uk", "29 лютого 2024 р., 12:34 UTC" },
    { "tr", "29 Şubat 2024 12:34 UTC" },
    { "ja", "2024年2月29日 12:34 UTC" },
    { "zh", "2024年2月29日 12:34 UTC" },
    { "ko", "2024년 2월 29일 12:34 UTC" }
};


static void
is_date(const social_language_t *of, int64_t seconds, const char *want)
{
    char  date[SOCIAL_LANGUAGE_DATE];

    social_language_date(of, seconds, date);
    is_str(date, want, want);
}


static void
date(void)
{
    char               long_month[200], got[SOCIAL_LANGUAGE_DATE];
    size_t             i;
    social_language_t  odd;

    for (i = 0; i < social_nelts(dates); i++) {
        is_date(language(dates[i].tag), 1709210096, dates[i].date);
    }

    is_date(NULL, 0, "1 January 1970, 00:00 UTC");
    is_date(NULL, INT64_MIN, "1 January 1970, 00:00 UTC");
    is_date(NULL, INT64_MAX, "31 December 9999, 23:59 UTC");

    /* a table of somebody's own */

    odd = *language("en");
    odd.date = "{ {what} {year}{year}";
    is_date(&odd, 0, "{ {what} 19701970");
    odd.date = "";
    is_date(&odd, 0, "");

    for (i = 0; i < sizeof(long_month) - 1; i++) {
        long_month[i] = "\xe2\x82\xac"[i % 3];
    }

    long_month[i] = '\0';
    odd.months[0] = long_month;
    odd.date = "{month}{day}";
    social_language_date(&odd, 0, got);
    is_int((int64_t) strlen(got), SOCIAL_LANGUAGE_DATE - 1,
           "one that is too long is cut");
    odd.date = "x{month}";
    social_language_date(&odd, 0, got);
    is_int((int64_t) strlen(got), SOCIAL_LANGUAGE_DATE - 3,
           "... in front of a character");
}


static const char *const  bad[] = {
    "", "{", "[]", "{\"months\":[]}",
    "{\"date\":\"\",\"months\":[\"1\"]}",
    "{\"months\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\","
    "\"10\",\"11\",\"12\"]}",
    "{\"date\":\"\",\"months\":[1,2,3,4,5,6,7,8,9,10,11,12]}"
};


static void
refused(void)
{
    size_t             i;
    social_language_t  one;

    for (i = 0; i < social_nelts(bad); i++) {
        memset(&one, 0, sizeof(one));
        is_int(social_language_read(&one, "xx",
                                    (const unsigned char *) bad[i],
                                    strlen(bad[i])),
               SOCIAL_DECLINED, "no table of a language");
        cJSON_Delete(one.strings);
    }
}


int
main(void)
{
    load();
    find();
    count();
    date();
    refused();

    while (n) {
        cJSON_Delete(languages[--n].strings);
    }

    return done();
}
