/* What a script can add to the widget: sending without leaving the page, the
 * clipboard, local times, counts.  Everything works without it.  Fields may
 * hide a form's own properties, hence getAttribute. */

(function (d) {
    'use strict';

    var base = new URL('.', d.currentScript.src).href;

    function all(root, what) {
        return [].slice.call(root.querySelectorAll(what));
    }

    function make(name, cls, text) {
        var el = d.createElement(name);
        el.className = cls;
        el.textContent = text;
        return el;
    }

    function post(url, form) {
        return fetch(url, {
            method: 'POST',
            body: new URLSearchParams(new FormData(form)),
            headers: { Accept: 'application/json' }
        });
    }

    function memory(value) {
        try {
            if (value) {
                localStorage.setItem('sc-instance', value);
            }
            return localStorage.getItem('sc-instance') || '';
        } catch (e) {
            return '';
        }
    }


    /* messages: a new alert is read out, and the field knows what is wrong */

    function clear(form) {
        all(form, '.sc-m').forEach(function (el) { el.remove(); });
        all(form, '[aria-invalid]').forEach(function (el) {
            el.removeAttribute('aria-invalid');
            el.removeAttribute('aria-describedby');
        });
    }

    function say(form, text, name) {
        var p = make('p', 'sc-m', text),
            field = name && form.querySelector('[name="' + name + '"]');

        p.setAttribute('role', 'alert');

        if (field && field.type !== 'hidden') {
            p.id = 'sc-error';
            field.setAttribute('aria-invalid', 'true');
            field.setAttribute('aria-describedby', p.id);
            field.parentNode.append(p);
            field.focus();
        } else {
            form.append(p);
        }

        return p;
    }


    function local(root, lang) {
        var format;

        try {
            format = new Intl.DateTimeFormat(lang || undefined,
                { dateStyle: 'long', timeStyle: 'short' });
        } catch (e) {
            return;
        }

        all(root, 'time[datetime]').forEach(function (el) {
            var time = new Date(el.dateTime);

            if (!isNaN(time)) {
                el.title = el.textContent;
                el.textContent = format.format(time);
            }
        });
    }


    /* an approved comment goes where the server will show it, too */

    function insert(box, c, own) {
        var li = make('li', 'sc-n', ''), head = make('p', 'sc-h', ''),
            text = make('div', 'sc-d', ''), inner = make('div', 'sc-c', ''),
            up = c.parent && d.getElementById('comment-' + c.parent),
            title = box.querySelector('.sc-t'), total, list, time, link;

        list = (up || box).querySelector('.sc-l');

        if (!list) {
            list = make('ol', 'sc-l', '');
            list.setAttribute('role', 'list');

            if (up) {
                up.append(list);
            } else {
                title.after(list);
            }
        }

        time = make('time', '', c.time);
        time.dateTime = c.time;
        link = make('a', '', box.dataset.own);
        link.href = own;

        text.dir = 'auto';
        text.innerHTML = c.html;
        head.append(make('b', '', c.name), ' ', time);
        inner.append(head, text, link);
        li.id = 'comment-' + c.id;
        li.tabIndex = -1;
        li.append(inner);
        local(li, box.lang);
        list.append(li);

        all(box, '.sc-z').forEach(function (el) { el.remove(); });
        total = +title.dataset.total + 1;
        title.dataset.total = total;
        title.textContent = box.dataset[total === 1 ? 'one' : 'other']
                            .replace('{n}', total);
        li.focus();
    }


    function sent(box, form, c) {
        var own = base + 'comments/' + c.id, fold = form.closest('details'), p;

        form.querySelector('textarea').value = '';

        if (c.state === 'approved') {
            if (fold) {
                fold.open = false;
            }
            try {
                insert(box, c, own);
            } catch (e) {
                /* a policy of the page forbids it: saved it is */
                location.hash = 'comment-' + c.id;
                location.reload();
            }
            return;
        }

        p = say(form, box.dataset.held + ' ');
        p.append(make('a', '', box.dataset.own));
        p.lastChild.href = own;
    }


    function comment(box, form, url) {
        if (form.hasAttribute('aria-busy')) {
            return;
        }

        clear(form);
        form.setAttribute('aria-busy', 'true');

        post(url, form).then(function (res) {
            return res.json().then(function (body) {
                var error = body.error;

                if (!error) {
                    sent(box, form, body.comment);

                } else if (error.code === 'token') {
                    /* the server's page keeps the text and knows a new one */
                    HTMLFormElement.prototype.submit.call(form);

                } else {
                    say(form, error.message, error.field);
                }
            });
        }).catch(function () {
            say(form, box.dataset.failed);
        }).then(function () {
            form.removeAttribute('aria-busy');
        });
    }


    function report(box, button) {
        var form = button.form;

        clear(form);

        post(button.getAttribute('formaction'), form).then(function (res) {
            say(form, res.ok ? box.dataset.reported : box.dataset.failed);
        }).catch(function () {
            say(form, box.dataset.failed);
        });
    }


    function react(form, url) {
        var button = form.querySelector('button');

        post(url, form).then(function (res) {
            return res.json();
        }).then(function (now) {
            button.setAttribute('aria-pressed', now.on);
            button.querySelector('span').textContent = now.reactions;
        }).catch(function () {
            HTMLFormElement.prototype.submit.call(form);
        });
    }


    /* copy and the device's own sheet: done here, counted there */

    function share(box, button) {
        var network = button.dataset.network, form = button.form,
            field = box.querySelector('.sc-u input'),
            canonical = d.querySelector('link[rel=canonical]'),
            url = field ? field.value : canonical ? canonical.href
                  : location.href.split('#')[0];

        (network === 'copy' ? navigator.clipboard.writeText(url)
         : navigator.share({ title: d.title, url: url })).then(function () {
            var data = new FormData(form);

            if (network === 'copy') {
                box.querySelector('.sc-m').textContent = box.dataset.copied;
            }

            data.set('network', network);
            return fetch(form.getAttribute('action'), {
                method: 'POST',
                body: new URLSearchParams(data),
                headers: { Accept: 'application/json' }
            });
        }).catch(function () { /* the reader thought better of it */ });
    }


    /* where the page's policy ties forms to its own site, the answer holds
     * one link: follow it */

    function follow(form, button) {
        var data = new FormData(form);

        data.set('network', button.value);

        fetch(form.getAttribute('action'), {
            method: 'POST',
            body: new URLSearchParams(data)
        }).then(function (res) {
            return res.text();
        }).then(function (text) {
            location.href = new DOMParser().parseFromString(text, 'text/html')
                            .querySelector('a[rel~=nofollow]').href;
        }).catch(function () {
            button.dataset.plain = 1;
            button.click();
        });
    }


    function beacon(box, token) {
        var done;

        function send() {
            if (!done && !d.prerendering && d.visibilityState === 'visible') {
                done = true;
                navigator.sendBeacon(base + 'views', new URLSearchParams({
                    article: box.dataset.social, token: token
                }));
            }
        }

        d.addEventListener('visibilitychange', send);
        d.addEventListener('prerenderingchange', send);
        send();
    }


    function counts() {
        var marks = all(d, '[data-social-count]'), query;

        if (!marks.length) {
            return;
        }

        query = marks.slice(0, 100).map(function (el) {
            return 'article=' + encodeURIComponent(el.dataset.socialCount);
        });

        fetch(base + 'counts?' + query.join('&')).then(function (res) {
            return res.json();
        }).then(function (body) {
            marks.forEach(function (el) {
                var n = body.counts[el.dataset.socialCount];

                if (n) {
                    el.textContent = n.comments;
                }
            });
        }).catch(function () { /* the page keeps what it said */ });
    }


    function start(box) {
        var token = box.querySelector('[name=token]');

        local(box, box.lang);

        if (box.dataset.beacon && token) {
            beacon(box, token.value);
        }

        all(box, '[name=instance]').forEach(function (el) {
            el.value = el.value || memory();
        });

        all(box, '[data-network]').forEach(function (el) {
            el.hidden = !(el.dataset.network === 'copy' ? navigator.clipboard
                          : navigator.canShare
                            && navigator.canShare({ url: location.href }));
        });

        box.addEventListener('click', function (event) {
            var button = event.target.closest('button');

            if (!button) {
                return;
            }

            if (button.dataset.network) {
                share(box, button);

            } else if (button.hasAttribute('formaction')) {
                event.preventDefault();
                report(box, button);

            } else if (button.name === 'network' && !button.dataset.plain
                       && button.form.querySelector('[name=via]')
                       && button.form.reportValidity())
            {
                event.preventDefault();
                follow(button.form, button);
            }
        });

        box.addEventListener('submit', function (event) {
            var form = event.target, url = form.getAttribute('action'),
                field = form.querySelector('[name=instance]');

            if (field) {
                memory(field.value);
            }

            if (/\/comments$/.test(url)) {
                event.preventDefault();
                comment(box, form, url);

            } else if (/\/reactions$/.test(url)) {
                event.preventDefault();
                react(form, url);
            }
        });
    }


    all(d, '[data-social]').forEach(start);
    counts();
})(document);
