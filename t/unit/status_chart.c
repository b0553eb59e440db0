
/*
 * Paths of charts: what is drawn, that nothing leaves its box, that small
 * values can be seen.
 */

#include <math.h>

#include "unit.h"
#include "social_status_chart.h"


typedef void (*draw_pt)(social_out_t *out, const social_chart_band_t *band,
    const double *values, size_t n);


static void
is_path(draw_pt draw, const social_chart_band_t *band, const double *values,
    size_t n, const char *want, const char *what)
{
    social_out_t  out;

    social_out_init(&out, 65536);
    draw(&out, band, values, n);
    social_out_bytes(&out, "", 1);
    is_str((const char *) out.data, want, what);
    social_out_free(&out);
}


/* bars from zero */

static void
bars(social_out_t *out, const social_chart_band_t *band, const double *values,
    size_t n)
{
    social_status_chart_bars(out, band, values, NULL, n);
}


static void
largest(void)
{
    const double  some[] = { 2, NAN, 7, -3 }, none[] = { 0, 0 };

    ok(fabs(social_status_chart_max(some, 4) - 7) < 1e-9, "the greatest");
    ok(fabs(social_status_chart_max(none, 2) - 1) < 1e-9,
       "at least 1, so that nothing is divided by 0");
    ok(fabs(social_status_chart_max(NULL, 0) - 1) < 1e-9, "of none");
}


static void
paths(void)
{
    const double               some[] = { 0, 5, 10, NAN }, all[] = { 1, 1 };
    const double               flat[] = { 5, 5, 5, 10, 5 };
    const social_chart_band_t  up = { 10, 20, 20, 10 };
    const social_chart_band_t  down = { 10, 68, -32, 10 };
    const social_chart_band_t  narrow = { 10, 20, 20, 2 };

    is_path(social_status_chart_line, &up, some, 4,
            "M5 20l10-10l10-10l10 20", "a line; a missing value is 0");
    is_path(social_status_chart_area, &down, some, 3,
            "M0 68V68h10V84h10V100h10V68z", "an area that hangs down");
    is_path(bars, &up, some, 4, "M12 20v-10h6v10zm10 0v-20h6v20z",
            "bars, none where nothing is");
    is_path(social_status_chart_marks, &up, some, 2, "M15 0l4 20h-8z",
            "a mark in each step that has a value");
    is_path(bars, &narrow, all, 2, "M0 20v-2h2v2zm2 0v-2h2v2z",
            "bars without a gap, from the edge on");
    is_path(social_status_chart_marks, &up, all, 2,
            "M5 0l4 20h-8zm10 0l4 20h-8z", "marks side by side");
    is_path(social_status_chart_line, &up, flat, 5, "M5 10h20l10-10l10 10",
            "a line: a level part is one command");
    is_path(social_status_chart_area, &up, flat, 4, "M0 20V10h30V0h10V20z",
            "an area, too");
    is_path(social_status_chart_area, &down, some, 0, "", "no steps: nothing");
    is_path(social_status_chart_line, &up, some, 0, "", "and no line");
}


/* the author's bars stand on the readers' */

static void
stacked(void)
{
    social_out_t               out;
    const double               talk[] = { 5, 0 }, own[] = { 5, 3 };
    const social_chart_band_t  band = { 10, 60, 60, 10 };

    social_out_init(&out, 65536);
    social_status_chart_bars(&out, &band, own, talk, 2);
    social_out_bytes(&out, "", 1);
    is_str((const char *) out.data, "M2 30v-30h6v30zm10 30v-18h6v18z",
           "bars on other bars");
    social_out_free(&out);
}


static void
bounds(void)
{
    double                     much[2000];
    size_t                     i;
    social_out_t               out;
    const double               tiny[] = { 1, 1e9 }, beyond[] = { 50 };
    const social_chart_band_t  band = { 1e9, 20, 20, 10 };
    const social_chart_band_t  low = { 10, 20, 20, 10 };

    is_path(bars, &band, tiny, 2, "M2 20v-1h6v1zm10 0v-20h6v20z",
            "what is not 0 can be seen");
    is_path(bars, &low, beyond, 1, "M2 20v-20h6v20z",
            "nothing leaves its box");

    for (i = 0; i < social_nelts(much); i++) {
        much[i] = 1;
    }

    social_out_init(&out, 65536);
    social_status_chart_area(&out, &low, much, social_nelts(much));
    social_status_chart_line(&out, &low, much, social_nelts(much));
    ok(!out.failed && out.len < 20000, "%zu bytes at most", out.len);
    social_out_free(&out);
}


int
main(void)
{
    largest();
    paths();
    stacked();
    bounds();

    return done();
}
