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

    const base = box => new URL('.', box.querySelector('link').href).href;

    const pageUrl = () => location.href.split('#')[0];

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

    const memory = (value, name = 'sc-instance') => {
        try {
            if (value) {
                localStorage.setItem(name, value);
            }
            return localStorage.getItem(name) || '';
        } catch (e) {
            return '';
        }
    };

    /* what was written here lately, for own(): [key, id, editable until] */
    const wrote = list => JSON.parse(
        memory(list && JSON.stringify(list.slice(-20)), 'sc-own') || '[]');

    const local = root => {
        try {
            /* "en-GB" of the page says more than our "en" */
            const { lang } = root.closest('[data-social]'),
                page = d.documentElement.lang,
                format = new Intl.DateTimeFormat(
                    page.startsWith(lang + '-') ? page : lang,
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


    const ownLink = (box, id) => {
        const link = make('a', '', box.dataset.own);
        link.href = base(box) + 'comments/' + id;
        return link;
    };


    /* a held one says so; only its writer's browser comes here with it */
    const insert = (box, c) => {
        const li = make('li', 'sc-n'), head = make('p', 'sc-h'),
            text = make('div', 'sc-d'), inner = make('div', 'sc-c'),
            time = make('time', '', c.time), title = box.querySelector('.sc-t'),
            up = c.parent && d.getElementById('comment-' + c.parent),
            held = c.state !== 'approved',
            total = +title.dataset.total + !held;

        let list = (up || box).querySelector('.sc-l');

        if (!list) {
            list = make('ol', 'sc-l');
            list.setAttribute('role', 'list');
            up ? up.append(list) : title.after(list);
        }

        time.dateTime = c.time;
        text.dir = 'auto';
        head.append(make('b', '', c.name), ' ', time);
        inner.append(head, text, ownLink(box, c.id));
        held && text.before(make('p', 'sc-m', box.dataset.held));
        li.id = 'comment-' + c.id;
        li.tabIndex = -1;
        li.append(inner);
        list.append(li);
        local(li);

        all(box, '.sc-z').forEach(el => el.remove());

        if (!held) {
            title.dataset.total = total;
            title.textContent = (box.dataset[new Intl.PluralRules(box.lang)
                .select(total)] || box.dataset.other).replace('{n}', total);
        }

        text.innerHTML = c.html;
    };


    const sent = (box, form, c) => {
        const fold = form.querySelector('details');

        form.querySelector('textarea').value = '';
        wrote([...wrote(), [box.dataset.social, c.id, Date.now() + 9e5]]);

        if (fold) {
            fold.open = false;
        }

        try {
            insert(box, c);
        } catch (e) {
            /* Trusted Types; a held one stays without its text */
            if (c.state === 'approved') {
                location.hash = 'comment-' + c.id;
                location.reload();
            }
        }

        d.getElementById('comment-' + c.id).focus();
    };


    /* after a reload: the own held comments, which the page has for nobody,
     * and the way to change the new ones */
    const own = box => wrote().forEach(async ([key, id, when]) => {
        const el = box.querySelector('#comment-' + id + '>.sc-c'),
            link = ownLink(box, id);

        if (key !== box.dataset.social) {
            return;
        }

        if (el) {
            Date.now() < when && el.append(link);
            return;
        }

        try {
            const res = await fetch(link,
                { headers: { accept: 'application/json' } }),
                c = (await res.json()).comment;

            if (c && c.state === 'held') {
                insert(box, c);
            } else {
                wrote(wrote().filter(e => e[1] !== id));
            }
        } catch (e) { /* later */ }
    });


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
                : pageUrl();

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

        if (marks[0]) {
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


    const click = (box, event) => {
        const summary = event.target.closest('summary'),
            button = event.target.closest('button'),
            form = button && button.form,
            url = form && button.getAttribute('formaction')
                || form && form.getAttribute('action'),
            link = event.target.closest('.sc-h [href*="/comments/"]'),
            id = link && link.href.replace(/.*\//, '#comment-');

        /* what is on this page needs no way round */
        if (id && box.querySelector(id)) {
            link.href = pageUrl() + id;
        }

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


    /* a permalink to a comment that is on an older page by now; to an imported
     * one it is as where that came from */
    const seek = box => {
        const id = location.hash.slice(1),
            old = id.replace(/^(isso|\w*comm?ent\w*)-/, '');

        /* without a cookie: its writer would get another page */
        old !== id && !d.getElementById(id)
            && fetch(ownLink(box, old), { credentials: 'omit' })
                .then(res => res.ok && res.url !== pageUrl()
                    && location.replace(res.url + '#' + id)).catch(() => {});
    };


    const seen = new WeakSet();

    const begin = box => {
        local(box);

        seek(box);
        box.dataset.beacon && own(box);

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
        above = [], counts;

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

        if (!counts && d.querySelector('[data-social-count]')) {
            counts = make('script', '');
            counts.src = new URL('counts.js', script.src);
            d.head.append(counts);
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
