/* What the script adds to the module's own pages, which work without it: times
 * in the reader's time zone, the focus in a form that is opened, a box to
 * select all comments, and keys for the moderation queue. */

(function (d) {
    'use strict';

    var bar = d.getElementById('bulk'), format, all, label, keys, help,
        queue = d.querySelector('.queue[data-keys]'),
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

    /* keys: a card has the focus, or the first one is meant */

    function card() {
        return d.activeElement.closest('.queue > li')
            || queue.firstElementChild;
    }

    function press(value) {
        var button = card().querySelector('.acts [value=' + value + ']');

        if (button) {
            button.click();
        }
    }

    function step(sibling) {
        var now = d.activeElement.closest('.queue > li'),
            to = now ? now[sibling] : queue.firstElementChild;

        if (to) {
            to.focus();
        }
    }

    keys = {
        j: function () { step('nextElementSibling'); },
        k: function () { step('previousElementSibling'); },
        a: function () { press('approve'); },
        s: function () { press('spam'); },
        d: function () { press('delete'); },
        x: function () { card().querySelector('.pick input').click(); },
        u: function () {
            var undo = d.querySelector('#undo button');

            if (undo) {
                undo.click();
            }
        },
        r: function () {
            var text = card().querySelector('[value=reply]');

            if (text) {
                text.closest('details').open = true;
                text.form.elements.text.focus();
            }
        },
        '/': function () { d.querySelector('[type=search]').focus(); }
    };

    if (queue && queue.firstElementChild) {
        help = d.createElement('p');
        help.className = 'keys';
        help.textContent = queue.dataset.keys;
        queue.before(help);

        d.addEventListener('keydown', function (event) {
            var key = keys[event.key];

            if (key && !event.ctrlKey && !event.metaKey && !event.altKey
                && !event.target.closest('textarea, select, '
                    + 'input:not([type=checkbox])'))
            {
                event.preventDefault();
                key();
            }
        });
    }
})(document);
