/* What the script adds to the widget; everything works without it.
 *
 * Use getAttribute() and the prototype's methods on forms: a field named
 * `action` or `submit` hides the form's own property. */

(d => {
    'use strict';

    const base = new URL('.', d.currentScript.src).href;

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

    /* sends the form as a browser without scripts does */
    const submitWithoutScript = form =>
        HTMLFormElement.prototype.submit.call(form);

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

            all(root, 'time').forEach(el => {
                const text = format.format(new Date(el.dateTime));
                el.title = el.textContent;
                el.textContent = text;
            });
        } catch (e) { /* the time in UTC stays */ }
    };


    const clear = form => {
        all(form, '.sc-m').forEach(el => el.remove());
        all(form, '[aria-invalid]').forEach(el => {
            el.removeAttribute('aria-invalid');
            el.removeAttribute('aria-describedby');
        });
    };

    /* screen readers announce a new alert; aria-describedby ties it to its
     * field */
    const showMessage = (form, text, name) => {
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

        (field ? field.parentNode : form).append(p);

        return p;
    };


    /* adds an approved comment where the server's page will have it */
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
            fold = form.closest('details');

        link.href = base + 'comments/' + c.id;
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
            /* such as Trusted Types; the comment is saved: load the page */
            location.hash = 'comment-' + c.id;
            location.reload();
        }
    };


    const comment = async (box, form, url) => {
        if (form.hasAttribute('aria-busy')) {
            return;
        }

        clear(form);
        form.setAttribute('aria-busy', true);

        try {
            const { error, comment: c } = await (await post(url, form)).json();

            if (!error) {
                sent(box, form, c);

            } else if (error.code === 'token') {
                /* the server's error page keeps the text and has a new
                 * token */
                submitWithoutScript(form);

            } else {
                showMessage(form, error.message, error.field);
            }

        } catch (e) {
            showMessage(form, box.dataset.failed);
        }

        form.removeAttribute('aria-busy');
    };


    const report = async (box, form, url) => {
        let good;

        clear(form);

        try {
            good = (await post(url, form)).ok;
        } catch (e) { /* the message below says so */ }

        showMessage(form, good ? box.dataset.reported : box.dataset.failed);
    };


    const react = async (form, url) => {
        const button = form.querySelector('button');

        try {
            const now = await (await post(url, form)).json();
            button.setAttribute('aria-pressed', now.on);
            button.querySelector('span').textContent = now.reactions;
        } catch (e) {
            submitWithoutScript(form);
        }
    };


    /* copy, and the device's own share sheet; the server only counts them */
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


    /* CSP form-action blocks a form whose answer redirects to another site:
     * here the server answers with a page with the link */
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


    const beacon = (article, token) => {
        let done;

        const send = () => {
            if (!done && !d.prerendering && !d.hidden) {
                done = navigator.sendBeacon(base + 'views',
                    new URLSearchParams({ article, token }));
            }
        };

        d.addEventListener('visibilitychange', send);
        d.addEventListener('prerenderingchange', send);
        send();
    };


    const counts = async marks => {
        try {
            const res = await fetch(base + 'counts?' + marks.slice(0, 100)
                .map(el => 'article='
                    + encodeURIComponent(el.dataset.socialCount)).join('&'));
            const found = (await res.json()).counts;

            marks.forEach(el => {
                const n = found[el.dataset.socialCount];
                el.textContent = n ? n.comments : el.textContent;
            });
        } catch (e) { /* the page keeps its own text */ }
    };


    const click = (box, event) => {
        const button = event.target.closest('button'),
            form = button && button.form,
            url = form && button.getAttribute('formaction');

        if (!form) {
            return;
        }

        if (button.dataset.network) {
            share(box, form, button.dataset.network);

        } else if (url) {
            event.preventDefault();
            report(box, form, url);

        } else if (form.querySelector('[name=via]') && !button.dataset.noscript
                   && form.reportValidity())
        {
            event.preventDefault();
            follow(form, button);
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
            comment(box, form, url);

        } else if (/reactions$/.test(url)) {
            event.preventDefault();
            react(form, url);
        }
    };


    all(d, '[data-social]').forEach(box => {
        const token = box.querySelector('[name=token]');

        local(box);

        if (box.dataset.beacon && token) {
            beacon(box.dataset.social, token.value);
        }

        all(box, '[name=instance]').forEach(el => {
            el.value = el.value || memory();
        });

        all(box, '[data-network]').forEach(el => {
            el.hidden = !(el.dataset.network === 'copy' ? navigator.clipboard
                : navigator.canShare
                  && navigator.canShare({ url: location.href }));
        });

        box.addEventListener('click', event => click(box, event));
        box.addEventListener('submit', event => submit(box, event));
    });

    const marks = all(d, '[data-social-count]');

    if (marks.length) {
        counts(marks);
    }
})(document);
