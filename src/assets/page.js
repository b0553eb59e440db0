/* What the script adds to the module's own pages, which work without it: times
 * in the reader's time zone, the focus in a form that is opened, and a box to
 * select all comments. */

(function (d) {
    'use strict';

    var bar = d.getElementById('bulk'), format, all, label,
        picks = [].slice.call(d.querySelectorAll('.pick input'));

    /* a time that says how long ago it was keeps these words */
    function local() {
        [].forEach.call(d.querySelectorAll('time[datetime]'), function (el) {
            var time = new Date(el.dateTime),
                text = isNaN(time) ? '' : format.format(time);

            if (el.classList.contains('ago')) {
                el.title = text || el.title;

            } else if (text && el.textContent !== text) {
                el.title = el.textContent;
                el.textContent = text;
            }
        });
    }

    try {
        format = new Intl.DateTimeFormat(d.documentElement.lang,
            { dateStyle: 'long', timeStyle: 'short' });

        local();
        d.addEventListener('social-page', local);
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
