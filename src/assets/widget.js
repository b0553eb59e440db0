/* What the script adds to the widget; docs/architecture.md explains it.
 *
 * Use getAttribute() and the prototype's methods on forms: a field named
 * `action` or `submit` hides the form's own property. */

((d, script) => {
    'use strict';

    if (d.scWidget) {
        return;
    }

    d.scWidget = true;

    const here = new URL('.', script.src).href;

    const base = box => new URL('.', box.querySelector('link').href).href;

    const all = (root, what) => [...root.querySelectorAll(what)];

    const make = (name, cls, text = '') => {
        const el = d.createElement(name);
        el.className = cls;
        el.textContent = text;
        return el;
    };

    const post = (url, form, more = {}, accept = 'application/json') => {
        const body = new URLSearchParams(new FormData(form));

        Object.keys(more).forEach(name => body.set(name, more[name]));

        return fetch(url, { method: 'POST', body, headers: { accept },
                            referrerPolicy: 'same-origin' });
    };

    /* ignores a second click while the first one's work lasts */
    const once = async (el, work) => {
        if (!el.hasAttribute('aria-busy')) {
            el.setAttribute('aria-busy', true);
            await work();
            el.removeAttribute('aria-busy');
        }
    };

    /* url: of a button with another target; no event tells the script */
    const submitWithoutScript = (form, url) => {
        const action = form.getAttribute('action');

        form.setAttribute('action', url || action);
        HTMLFormElement.prototype.submit.call(form);
        form.setAttribute('action', action);
    };

    const memory = value => {
        try {
            if (value) {
                localStorage.setItem('sc-instance', value);
            }
            return localStorage.getItem('sc-instance') || '';
        } catch (e) {
            return '';
        }
    };

    const local = root => {
        try {
            const format = new Intl.DateTimeFormat(
                root.closest('[lang]').lang,
                { dateStyle: 'long', timeStyle: 'short' });

            all(root, 'time:not([title])').forEach(el => {
                const text = format.format(new Date(el.dateTime));
                el.title = el.textContent;
                el.textContent = text;
            });
        } catch (e) { /* the time in UTC stays */ }
    };


    const clear = form => {
        all(form, '.sc-m, .sc-j').forEach(el => el.remove());
        all(form, '[aria-invalid]').forEach(el => {
            el.removeAttribute('aria-invalid');
            el.removeAttribute('aria-describedby');
        });
    };

    const showMessage = (form, text, name, place = form) => {
        const p = make('p', 'sc-m', text);
        const field = name
            && form.querySelector(`[name=${name}]:not([type=hidden])`);

        p.setAttribute('role', 'alert');

        if (field) {
            p.id = 'sc-error';
            field.setAttribute('aria-invalid', true);
            field.setAttribute('aria-describedby', p.id);
            field.focus();
        }

        (field ? field.parentNode : place).append(p);

        return p;
    };


    const insert = (box, c, link) => {
        const li = make('li', 'sc-n'), head = make('p', 'sc-h'),
            text = make('div', 'sc-d'), inner = make('div', 'sc-c'),
            time = make('time', '', c.time), title = box.querySelector('.sc-t'),
            up = c.parent && d.getElementById('comment-' + c.parent),
            total = +title.dataset.total + 1;

        let list = (up || box).querySelector('.sc-l');

        if (!list) {
            list = make('ol', 'sc-l');
            list.setAttribute('role', 'list');
            up ? up.append(list) : title.after(list);
        }

        time.dateTime = c.time;
        text.dir = 'auto';
        text.innerHTML = c.html;
        head.append(make('b', '', c.name), ' ', time);
        inner.append(head, text, link);
        li.id = 'comment-' + c.id;
        li.tabIndex = -1;
        li.append(inner);
        list.append(li);
        local(li);

        all(box, '.sc-z').forEach(el => el.remove());
        title.dataset.total = total;
        title.textContent = box.dataset[total > 1 ? 'other' : 'one']
            .replace('{n}', total);
        li.focus();
    };


    const sent = (box, form, c) => {
        const link = make('a', '', box.dataset.own),
            fold = form.querySelector('details');

        link.href = base(box) + 'comments/' + c.id;
        form.querySelector('textarea').value = '';

        if (c.state !== 'approved') {
            showMessage(form, box.dataset.held + ' ').append(link);
            return;
        }

        if (fold) {
            fold.open = false;
        }

        try {
            insert(box, c, link);
        } catch (e) {
            /* Trusted Types */
            location.hash = 'comment-' + c.id;
            location.reload();
        }
    };


    /* again() leads to a page, such as the one with a new token */
    const ask = async (form, url, done, again, failed = again) => {
        clear(form);

        try {
            const answer = await (await post(url, form)).json(),
                error = answer.error;

            if (!error) {
                done(answer);

            } else if (error.code === 'token') {
                again();

            } else {
                showMessage(form, error.message, error.field);
            }

        } catch (e) {
            failed();
        }
    };


    const comment = (box, form, url) => ask(form, url,
        answer => sent(box, form, answer.comment),
        () => submitWithoutScript(form),
        () => showMessage(form, box.dataset.failed));


    const preview = (form, url, button) => ask(form, url, answer => {
        const text = make('div', 'sc-d sc-j');

        text.dir = 'auto';
        text.setAttribute('role', 'status');
        text.innerHTML = answer.html;
        button.parentNode.before(text);
    }, () => submitWithoutScript(form, url));


    const report = async (box, form, url, place) => {
        let good;

        clear(place);

        try {
            good = (await post(url, form)).ok;
        } catch (e) { /* good is not set */ }

        showMessage(form, good ? box.dataset.reported : box.dataset.failed, '',
            place);
    };


    const react = (form, url) => ask(form, url, answer => {
        const button = form.querySelector('button');

        button.setAttribute('aria-pressed', answer.on);
        button.querySelector('span').textContent = answer.reactions;
    }, () => submitWithoutScript(form));


    const share = async (box, form, network) => {
        const field = box.querySelector('.sc-u input'),
            canonical = d.querySelector('link[rel=canonical]'),
            url = field ? field.value : canonical ? canonical.href
                : location.href.split('#')[0];

        try {
            if (network === 'copy') {
                await navigator.clipboard.writeText(url);
                box.querySelector('.sc-m').textContent = box.dataset.copied;
            } else {
                await navigator.share({ title: d.title, url });
            }

            await post(form.getAttribute('action'), form, { network });
        } catch (e) { /* the reader cancelled */ }
    };


    /* where CSP form-action blocks a form that leads to another site */
    const follow = async (form, button) => {
        try {
            const res = await post(form.getAttribute('action'), form,
                { network: button.value }, 'text/html');

            location.href = new DOMParser()
                .parseFromString(await res.text(), 'text/html')
                .querySelector('[rel~=nofollow]').href;
        } catch (e) {
            button.dataset.noscript = 1;
            button.click();
        }
    };


    /* calls done once some comment was in view for two seconds while the page
     * was visible */
    const listen = (box, done) => {
        const shown = new Set(), marks = all(box, '[id^=comment-]');
        let timer, watch;

        const check = () => {
            if (!shown.size || d.hidden) {
                clearTimeout(timer);
                timer = 0;
            } else {
                timer = timer || setTimeout(() => {
                    watch.disconnect();
                    d.removeEventListener('visibilitychange', check);
                    done();
                }, 2000);
            }
        };

        if (marks.length && window.IntersectionObserver) {
            watch = new IntersectionObserver(list => {
                list.forEach(e => shown[e.isIntersecting ? 'add' : 'delete'](
                    e.target));
                check();
            }, { rootMargin: '-10% 0px' });
            marks.forEach(el => watch.observe(el));
            d.addEventListener('visibilitychange', check);
        }
    };


    const beacon = box => {
        const token = box.querySelector('[name=token]');

        const send = more => fetch(base(box) + 'views', { method: 'POST',
            keepalive: true, referrerPolicy: 'same-origin',
            body: new URLSearchParams({ article: box.dataset.social,
                token: token.value, ...more }) }).catch(() => {});

        if (token && box.dataset.beacon && !d.prerendering && !d.hidden) {
            /* not again for a copy, such as Turbo's */
            delete box.dataset.beacon;
            /* that a comment was in view counts only for a view */
            send().then(() => listen(box, () => send({ seen: 'thread' })));
        }
    };


    /* one request for all of them, unless it would be too long a line */
    const counts = async marks => {
        const asked = new Set(), now = [];
        let el, size = 0;

        while ((el = marks[0]) && asked.size < 100 && size < 6000) {
            const arg = '&article=' + encodeURIComponent(el.dataset.socialCount);

            size += asked.has(arg) ? 0 : arg.length;
            asked.add(arg);
            now.push(marks.shift());
        }

        if (marks[0]) {
            counts(marks);
        }

        try {
            const res = await fetch(here + 'counts?lang='
                + encodeURIComponent(d.documentElement.lang)
                + [...asked].join(''));
            const found = (await res.json()).counts;

            now.forEach(el => {
                const n = found[el.dataset.socialCount];

                if (n) {
                    el.textContent = 'socialWords' in el.dataset ? n.text
                        : n.comments;
                }
            });
        } catch (e) { /* the old text stays */ }
    };


    const click = (box, event) => {
        const summary = event.target.closest('summary'),
            button = event.target.closest('button'),
            form = button && button.form,
            url = form && button.getAttribute('formaction')
                || form && form.getAttribute('action');

        if (summary) {
            /* it opens after this event */
            setTimeout(() => {
                const field = summary.parentNode.open && summary.parentNode
                    .querySelector('label :not([tabindex])');

                field && field.focus();
            });
        }

        if (!form || button.dataset.noscript) {
            return;
        }

        if (button.dataset.network) {
            once(form, () => share(box, form, button.dataset.network));

        } else if (/report$/.test(url)) {
            event.preventDefault();
            once(button, () => report(box, form, url,
                button.closest('.sc-c')));

        } else if (/preview$/.test(url)) {
            event.preventDefault();
            once(button, () => preview(form, url, button));

        } else if (form.querySelector('[name=via]') && form.reportValidity()) {
            event.preventDefault();
            once(form, () => follow(form, button));
        }
    };


    const submit = (box, event) => {
        const form = event.target, url = form.getAttribute('action'),
            field = form.querySelector('[name=instance]');

        if (field) {
            memory(field.value);
        }

        if (/comments$/.test(url)) {
            event.preventDefault();
            once(form, () => comment(box, form, url));

        } else if (/reactions$/.test(url)) {
            event.preventDefault();
            once(form, () => react(form, url));

        } else if (form.hasAttribute('aria-busy')) {
            event.preventDefault();

        } else {
            once(form, () => new Promise(done => setTimeout(done, 1000)));
        }
    };


    /* a permalink to a comment that is on an older page by now */
    const seek = async box => {
        const id = location.hash.slice(1);

        if (/^comment-./.test(id) && !d.getElementById(id)) {
            try {
                /* without a cookie: its writer would get another page */
                const { ok, url } = await fetch(base(box) + 'comments/'
                    + id.slice(8), { credentials: 'omit' });

                if (ok && new URL(url).pathname !== location.pathname) {
                    location.replace(url + '#' + id);
                }
            } catch (e) { /* the article will do */ }
        }
    };


    const seen = new WeakSet();

    const begin = box => {
        local(box);

        if (box.dataset.beacon) {
            seek(box);
        }

        all(box, '[name=instance]').forEach(el => {
            el.value = el.value || memory();
        });

        all(box, '[data-network]').forEach(el => {
            el.hidden = !(el.dataset.network === 'copy' ? navigator.clipboard
                : navigator.canShare
                  && navigator.canShare({ url: location.href }));
        });
    };


    /* React and Vue may drop a section in their root: it goes behind that */

    let kept = script.closest('[data-social]'), path = location.pathname,
        above = [];

    const isRoot = el => el && Object.keys(el).some(
        name => /^(__vue|_vnode|__reactContainer|__k$)/.test(name));

    const keep = () => {
        const box = d.querySelector('[data-social]');

        if (box && (box !== kept || !above[0])) {
            kept = box;
            path = location.pathname;
            above = [];

            for (let el = box.parentNode; el; el = el.parentNode) {
                above.push(el);
            }

        } else if (box) {
            if (isRoot(box.previousElementSibling)) {
                box.hidden = location.pathname !== path;
            }

        } else if (kept && location.pathname === path) {
            above = above.filter(el => el.isConnected);

            /* after a click, a script may have swapped in a page */
            const clicked = (navigator.userActivation || {}).hasBeenActive,
                root = above.find(isRoot) || !clicked
                    && (all(d, '*').find(isRoot)
                        || above.find(el => !el.contains(d.body)));

            if (root) {
                root.contains(d.body) ? d.body.append(kept) : root.after(kept);
            }
        }
    };


    const look = () => {
        keep();

        all(d, '[data-social]').forEach(box => {
            if (!seen.has(box)) {
                seen.add(box);
                begin(box);
            }

            beacon(box);
        });

        const marks = all(d, '[data-social-count]').filter(
            el => !seen.has(el) && seen.add(el));

        if (marks[0]) {
            counts(marks);
        }
    };

    const inside = handler => event => {
        const box = event.target.closest('[data-social]');

        if (box) {
            handler(box, event);
        }
    };

    /* says how much may still be typed, before the limit bites */
    const type = (box, { target: el }) => {
        const left = el.maxLength - el.value.length;

        if (el.maxLength > 999) {
            el.parentNode.dataset.n = left < 1000
                ? box.dataset.left.replace('{n}', left) : '';
        }
    };

    d.addEventListener('input', inside(type));
    d.addEventListener('click', inside(click), true);
    d.addEventListener('submit', inside(submit), true);
    d.addEventListener('visibilitychange', look);
    d.addEventListener('prerenderingchange', look);
    window.addEventListener('pageshow', look);
    new MutationObserver(look).observe(d, { childList: true, subtree: true });
    look();
})(document, document.currentScript);
