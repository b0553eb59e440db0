
/*
 * Paths of charts.  Must not know what is drawn, or in which color.  Pure; any
 * thread.
 *
 * A page has dozens of them, so they are short: steps of the same height are
 * one command, and figures begin relative to the one before.
 */

#include <math.h>
#include <stdlib.h>

#include "social_status_chart.h"


/* at most this many steps become a path: a period of days has far fewer */
#define SOCIAL_CHART_STEPS  1000


static double
social_status_chart_value(double value)
{
    return isfinite(value) && value > 0 ? value : 0;
}


double
social_status_chart_max(const double *values, size_t n)
{
    double  max;
    size_t  i;

    max = 1;

    for (i = 0; i < n; i++) {
        max = fmax(max, social_status_chart_value(values[i]));
    }

    return max;
}


/* how far from zero a value is, in units of the box, never negative */

static int
social_status_chart_size(const social_chart_band_t *band, double value)
{
    int     size;
    double  share;

    value = social_status_chart_value(value);
    share = fmin(value / band->max, 1);
    size = (int) lround(share * abs(band->height));

    return size == 0 && value > 0 ? 1 : size;
}


static int
social_status_chart_y(const social_chart_band_t *band, double value)
{
    int  size;

    size = social_status_chart_size(band, value);

    return band->height < 0 ? band->zero + size : band->zero - size;
}


/* a command and one or two numbers; a minus sign separates, too */

static void
social_status_chart_step(social_out_t *out, const char *command, int x, int y)
{
    social_out_text(out, command);
    social_out_int(out, x);

    if (y >= 0) {
        social_out_text(out, " ");
    }

    social_out_int(out, y);
}


/* how many values from this one on have its height */

static size_t
social_status_chart_run(const social_chart_band_t *band, const double *values,
    size_t n)
{
    int     y;
    size_t  i;

    y = social_status_chart_y(band, values[0]);

    for (i = 1; i < n && social_status_chart_y(band, values[i]) == y; i++) {
        /* void */
    }

    return i;
}


static void
social_status_chart_level(social_out_t *out, int x)
{
    social_out_text(out, "h");
    social_out_int(out, x);
}


void
social_status_chart_line(social_out_t *out, const social_chart_band_t *band,
    const double *values, size_t n)
{
    int     y, last;
    size_t  i, run;

    last = 0;
    n = n < SOCIAL_CHART_STEPS ? n : SOCIAL_CHART_STEPS;

    for (i = 0; i < n; i += run) {
        y = social_status_chart_y(band, values[i]);
        run = social_status_chart_run(band, values + i, n - i);

        social_status_chart_step(out, i == 0 ? "M" : "l",
                                 i == 0 ? band->width / 2 : band->width,
                                 y - last);
        if (run > 1) {
            social_status_chart_level(out, (int) (run - 1) * band->width);
        }

        last = y;
    }
}


void
social_status_chart_area(social_out_t *out, const social_chart_band_t *band,
    const double *values, size_t n)
{
    size_t  i, run;

    if (n == 0) {
        return;
    }

    n = n < SOCIAL_CHART_STEPS ? n : SOCIAL_CHART_STEPS;
    social_status_chart_step(out, "M", 0, band->zero);

    for (i = 0; i < n; i += run) {
        run = social_status_chart_run(band, values + i, n - i);
        social_out_text(out, "V");
        social_out_int(out, social_status_chart_y(band, values[i]));
        social_status_chart_level(out, (int) run * band->width);
    }

    social_out_text(out, "V");
    social_out_int(out, band->zero);
    social_out_text(out, "z");
}


void
social_status_chart_bars(social_out_t *out, const social_chart_band_t *band,
    const double *values, const double *below, size_t n)
{
    int     x, y, gap, base, top, last_x, last_y, any;
    size_t  i;

    gap = band->width / 5;
    last_x = last_y = any = 0;

    for (i = 0; i < n && i < SOCIAL_CHART_STEPS; i++) {

        if (!(social_status_chart_value(values[i]) > 0)) {
            continue;
        }

        base = below ? social_status_chart_size(band, below[i]) : 0;
        top = social_status_chart_size(band, social_status_chart_value(
                  values[i]) + (below ? social_status_chart_value(below[i])
                                      : 0));

        if (top <= base) {
            top = base + 1;
        }

        x = (int) i * band->width + gap;
        y = band->zero - base;
        social_status_chart_step(out, any ? "m" : "M", x - last_x,
                                 y - last_y);
        last_x = x;
        last_y = y;
        any = 1;

        social_out_text(out, "v");
        social_out_int(out, base - top);
        social_status_chart_level(out, band->width - 2 * gap);
        social_out_text(out, "v");
        social_out_int(out, top - base);
        social_out_text(out, "z");
    }
}


void
social_status_chart_marks(social_out_t *out, const social_chart_band_t *band,
    const double *values, size_t n)
{
    int     x, half, last, any;
    size_t  i;

    half = band->width / 2 < 4 ? band->width / 2 : 4;
    last = any = 0;

    for (i = 0; i < n && i < SOCIAL_CHART_STEPS; i++) {

        if (!(social_status_chart_value(values[i]) > 0)) {
            continue;
        }

        x = (int) i * band->width + band->width / 2;
        social_status_chart_step(out, any ? "m" : "M", x - last,
                                 any ? 0 : band->zero - band->height);
        last = x;
        any = 1;

        social_status_chart_step(out, "l", half, band->height);
        social_status_chart_level(out, -2 * half);
        social_out_text(out, "z");
    }
}
