/* What the script adds to the module's own pages, which work without it: times
 * in the reader's time zone, the focus in a form that is opened, and a box to
 * select all comments. */

(function (d) {
    'use strict';

    var bar = d.getElementById('bulk'), format, all, label,
        picks = [].slice.call(d.querySelectorAll('.pick input'));

    try {
        format = new Intl.DateTimeFormat(d.documentElement.lang,
            { dateStyle: 'long', timeStyle: 'short' });

        [].forEach.call(d.querySelectorAll('time[datetime]'), function (el) {
            var time = new Date(el.dateTime);

            if (!isNaN(time)) {
                el.title = el.textContent;
                el.textContent = format.format(time);
            }
        });
    } catch (e) { /* the time in UTC stays */ }

    d.addEventListener('click', function (event) {
        var summary = event.target.closest('summary');

        /* it opens after this event */
        setTimeout(function () {
            var field = summary && summary.parentNode.open
                && summary.parentNode.querySelector('label :not([tabindex])');

            if (field) {
                field.focus();
            }
        });
    });

    if (bar && bar.dataset.all && picks.length > 1) {
        label = d.createElement('label');
        all = d.createElement('input');
        all.type = 'checkbox';
        all.addEventListener('change', function () {
            picks.forEach(function (el) { el.checked = all.checked; });
        });
        label.append(all, ' ' + bar.dataset.all);
        bar.prepend(label);
    }
})(document);
