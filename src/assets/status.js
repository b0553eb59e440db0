/* What the script adds to the status page, which works without it: it stays up
 * to date, and sorts, filters and turns pages in place.  Sections are replaced
 * one by one with those of a fresh answer, so that focus, scroll position, open
 * details and half-written answers stay. */

(function (d) {
    'use strict';

    var EVERY = 60000, busy = false, last = Date.now(),
        main = d.querySelector('main');

    /* a section in which something is being written is left alone */
    function writing(el) {
        return [].some.call(el.querySelectorAll('textarea, input'),
            function (field) {
                return field.type !== 'hidden' && field.value !== field.defaultValue
                    || field === d.activeElement && field.type !== 'search';
            });
    }

    function details(el) {
        return [].map.call(el.querySelectorAll('details'), function (one) {
            var owner = one.closest('[id]');
            return [owner ? owner.id : '', one];
        });
    }

    /* how to find the focused element again */
    function mark(el) {
        var all = [].slice.call(main.querySelectorAll('a, button, input,'
            + ' summary, [tabindex]'));
        return el && main.contains(el) ? {
            id: el.id, href: el.getAttribute('href'), label: el.textContent,
            name: el.getAttribute('name'), n: all.indexOf(el)
        } : null;
    }

    function find(was) {
        var all = [].slice.call(main.querySelectorAll('a, button, input,'
            + ' summary, [tabindex]'));

        return was.id && d.getElementById(was.id) || all.filter(function (el) {
            return was.href && el.getAttribute('href') === was.href
                && el.textContent === was.label;
        })[0] || all.filter(function (el) {
            return el.textContent === was.label
                && el.getAttribute('name') === was.name;
        })[0] || all[was.n];
    }

    function put(old, fresh) {
        var open = details(old).filter(function (one) { return one[1].open; })
            .map(function (one) { return one[0]; });

        if (old.isEqualNode(fresh) || writing(old)) {
            return;
        }

        old.replaceWith(fresh);
        details(fresh).forEach(function (one) {
            one[1].open = one[1].open || open.indexOf(one[0]) >= 0;
        });
    }

    function replace(fresh) {
        var was = mark(d.activeElement), field, kept = d.activeElement,
            ids = [].map.call(fresh.querySelectorAll('main [id]'),
                function (el) { return el.id; }),
            parts = 'main > header, main section, main > footer',
            mine = [].slice.call(main.querySelectorAll(parts)),
            theirs = [].slice.call(fresh.querySelectorAll(parts));

        /* other sections than before: a first article, a last one answered */
        if (mine.map(function (el) { return el.id; }).join()
            !== theirs.map(function (el) { return el.id; }).join())
        {
            if (!writing(main)) {
                fresh = d.adoptNode(fresh.querySelector('main'));
                main.replaceWith(fresh);
                main = fresh;
            }

        } else {
            theirs.forEach(function (el, i) {
                put(mine[i], d.adoptNode(el));
            });
        }

        d.dispatchEvent(new Event('social-page'));

        if (was && !kept.isConnected && ids.length) {
            field = find(was);
            if (field) {
                field.focus({ preventScroll: true });
            }
        }
    }

    function load(address, done) {
        if (busy) {
            return;
        }

        busy = true;
        main.setAttribute('aria-busy', 'true');

        fetch(address, { credentials: 'same-origin', cache: 'no-cache',
                         headers: { Accept: 'text/html' } })
            .then(function (res) {
                if (!res.ok) {
                    throw new Error(res.status);
                }
                return res.text();
            })
            .then(function (text) {
                busy = false;
                last = Date.now();
                if (done) {
                    done();
                }
                replace(new DOMParser().parseFromString(text, 'text/html'));
                main.removeAttribute('aria-busy');
            })
            .catch(function () {
                busy = false;
                main.removeAttribute('aria-busy');
                if (done) {
                    location.href = address;
                }
            });
    }

    /* not while text is selected: it would not be any more */
    function refresh() {
        if (d.visibilityState === 'visible' && d.getSelection().isCollapsed
            && Date.now() - last > EVERY / 4)
        {
            load(location.href);
        }
    }

    function go(address) {
        var url = new URL(address, location.href);

        load(url.pathname + url.search, function () {
            history.pushState(null, '', url.pathname + url.search);
        });
    }

    if (!main || !window.fetch || !window.DOMParser) {
        return;
    }

    d.addEventListener('click', function (event) {
        var a = event.target.closest('a[data-in]');

        if (a && !event.ctrlKey && !event.metaKey && !event.shiftKey
            && !event.altKey && event.button === 0)
        {
            event.preventDefault();
            go(a.href);
        }
    });

    d.addEventListener('submit', function (event) {
        var form = event.target.closest('form[data-in]');

        if (form) {
            event.preventDefault();
            go('?' + new URLSearchParams(new FormData(form)));
        }
    });

    window.addEventListener('popstate', function () { load(location.href); });
    d.addEventListener('visibilitychange', refresh);
    window.setInterval(refresh, EVERY);
})(document);
