/*
 * Comments that try to be more than text, in Chromium: none of them runs, none
 * asks for something elsewhere, and each consists of a few known elements
 * within its own place.
 *   node hostile.mjs http://127.0.0.1:PORT FILE
 *
 * FILE is JSON.  t/browser_hostile.t has posted the comments and says in it
 * what there is to look at:
 *   cookie   of the writer of all comments
 *   pages    lists of comments, as [what, hostile path, tame path, all]; less
 *            its comments, the hostile page must be made of the same elements
 *            as the tame one; all: with the pages after it, to the last one
 *   complete what -> ids that must be on its pages
 *   own      [hostile ids, tame ids]: pages of one's own comments
 *   form     a page with a form, for texts
 *   texts    to preview
 *   others   [what, path, text]: pages that show names and titles
 */

import { readFileSync } from 'node:fs';
import { is, launch, ok, overflow, whole, done } from './lib.mjs';

const [origin, file] = process.argv.slice(2);
const told = JSON.parse(readFileSync(file, 'utf8'));
const browser = await launch();
const LISTS = { root: '[data-social] .sc-n, .queue > .card',
                box: '.sc-d, .prose' };
const OWN = { root: '.card', box: '.prose' };

/* characters that HTML cannot write */
const NO_HTML = new RegExp('[\\0-\\x08\\x0b-\\x1f\\x7f-\\x9f]'
    + '|\\p{Noncharacter_Code_Point}', 'gu');

let escapes = [];


async function open({ csp = true, width = 1000 } = {}) {
    const context = await browser.newContext({
        bypassCSP: !csp, viewport: { width, height: 800 },
        httpCredentials: { username: 'jo', password: 'pw', origin }
    });
    const [name, value] = told.cookie.split('=');

    context.setDefaultTimeout(120000);
    await whole(context, origin);

    await context.addCookies([{ name, value, url: `${origin}/_social/` }]);
    await context.route('**/*', route => {
        const url = route.request().url();

        if (url.startsWith(origin + '/')) {
            return route.fallback();
        }
        escapes.push(`asks for ${url}`);
        return route.abort();
    });
    await context.addInitScript(() => {
        window.refused = [];
        window.addEventListener('securitypolicyviolation', e =>
            window.refused.push(`${e.effectiveDirective} ${e.blockedURI} `
                                + e.sample));
    });
    context.on('page', page => {
        page.on('dialog', d => { escapes.push(d.message()); d.dismiss(); });
        page.on('popup', () => escapes.push('opens a window'));
        page.on('download', () => escapes.push('is saved as a file'));
    });

    return context.newPage();
}


/* what is wrong with a document, and what it is made of; runs in the page, and
 * there for a text that was fetched, too */

function look({ root, box, html }) {
    const doc = html === undefined ? document
        : new DOMParser().parseFromString(html, 'text/html');
    const bad = [], kinds = new Set(), seen = new Set();
    const tell = (what, el) => bad.push(`${what}: `
        + (el.outerHTML ?? el).slice(0, 150));
    const inBox = { p: [], br: [], hr: [], strong: [], em: [], code: [],
                    blockquote: [], ul: [], li: [], ol: ['start'],
                    pre: ['tabindex'], a: ['href', 'rel'] };
    const safe = ['http:', 'https:', 'mailto:'];
    const more = '.sc-o, .pager a, link[rel=next], link[rel=prev]';

    /* the elements of a tree, without comments and what they say */
    const shape = (el, top = true) => {
        if (el.matches(more) || !top && el.matches(root)) {
            return '';
        }
        const names = el.getAttributeNames()
            .filter(n => n !== 'data-beacon').sort().join(' ');
        const inner = el.matches(box) ? ''
            : [...el.children].map(c => shape(c, false)).join('')
                .replace('<ol class role></>', '');
        return `<${el.localName} ${names}>${inner}</>`;
    };

    for (const el of doc.querySelectorAll('*')) {
        const url = ['href', 'src', 'action', 'formaction', 'data', 'to']
            .map(n => el.getAttribute(n))
            .filter(v => v !== null && URL.canParse(v, document.baseURI))
            .map(v => new URL(v, document.baseURI));

        if (el.id && seen.has(el.id)) {
            tell('id twice', el);
        }
        seen.add(el.id);

        if (el.getAttributeNames().some(n => /^on|^style$|^srcdoc$/.test(n))) {
            tell('attribute', el);
        }
        if (url.some(u => !safe.includes(u.protocol))) {
            tell('address', el);
        }
        if (el.matches('script, link, form, button, input') && url.some(
            u => u.origin !== location.origin))
        {
            tell('foreign', el);
        }
        if (el.matches('iframe, object, embed, base, img, video, audio, style,'
                       + 'template, noscript, plaintext, marquee, dialog')
            || el.localName === 'script' && el.textContent)
        {
            tell('element', el);
        }
        if (el.id && el.closest('[data-social]')
            && !/^comment-c\d+$/.test(el.id))
        {
            tell('id', el);
        }
    }

    for (const place of doc.querySelectorAll(box)) {
        for (const el of place.querySelectorAll('*')) {
            const names = inBox[el.localName];

            if (!names || el.namespaceURI !== 'http://www.w3.org/1999/xhtml'
                || el.getAttributeNames().some(n => !names.includes(n))
                || el.localName === 'a'
                   && el.rel !== 'nofollow ugc noopener')
            {
                tell('in a comment', el);
            }
        }

        /* written out and read again it is the same */
        const again = doc.createElement('div');
        again.innerHTML = place.innerHTML;
        if (again.innerHTML !== place.innerHTML) {
            tell('not stable', place);
        }
    }

    const comments = [...doc.querySelectorAll(root)];
    comments.forEach(el => {
        kinds.add(shape(el));
        if (el.querySelectorAll(box).length
            - [...el.querySelectorAll(root)].reduce((n, inner) =>
                n + (inner.parentNode.closest(root) === el
                     ? inner.querySelectorAll(box).length : 0), 0) !== 1)
        {
            tell('no text of its own', el);
        }
    });

    return { bad, kinds: [...kinds], outside: shape(doc.documentElement),
             ids: comments.map(el => el.id) };
}


/* what a mouse or a keyboard would set off */

function touch(what) {
    window.addEventListener('click', e => e.preventDefault(), true);

    for (const el of document.querySelectorAll(what)) {
        for (const type of ['mouseover', 'mouseenter', 'pointerdown', 'focus',
                            'focusin', 'blur', 'error', 'load', 'toggle',
                            'animationstart', 'click'])
        {
            if (type !== 'click' || el.localName !== 'button') {
                el.dispatchEvent(new Event(type, { bubbles: true,
                                                   cancelable: true }));
            }
        }
    }
}


async function quiet(page, what, where) {
    await page.evaluate(touch, where.box + ' *');
    await page.evaluate(touch, where.box);

    const state = await page.evaluate(() => [window.pwned ?? null,
                                             window.refused]);
    is([...state, escapes], [null, [], []], `${what}: nothing is run`);
    escapes = [];
}

async function visit(page, path, what, where = LISTS) {
    await page.goto(origin + path, { waitUntil: 'load' });

    const found = await page.evaluate(look, where);
    const url = page.url();

    await quiet(page, what, where);
    is(found.bad, [], `${what}: known elements only`);
    is(page.url(), url, `${what}: the page stays`);

    return found;
}

const among = (some, all, what) =>
    is(some.filter(kind => !all.includes(kind)), [], what);


/* a page without any defence: what is looked for would be found */

{
    const page = await open({ csp: false });
    await page.goto(`${origin}/control.html`, { waitUntil: 'load' });
    await page.waitForFunction(() => window.pwned === 1);
    ok(true, 'control: a script runs');
    ok(escapes.some(e => e.startsWith('asks for http://evil.example/')),
       'control: something elsewhere is asked for');
    const found = await page.evaluate(look, LISTS);
    for (const what of ['id twice', 'attribute', 'address', 'foreign',
                        'element', 'in a comment', 'not stable'])
    {
        ok(found.bad.some(b => b.startsWith(`${what}: `)),
           `control: found: ${what}`, found.bad.join('\n'));
    }
    await page.context().close();

    const strict = await open();
    await strict.goto(`${origin}/control.html?csp=1`, { waitUntil: 'load' });
    await strict.waitForFunction(() => window.refused.length);
    ok(true, 'control: what a policy stops is noticed');
    await strict.context().close();
    escapes = [];
}


/* lists of comments, with a policy and without */

const seen = {}, outsides = [];

for (const csp of [true, false]) {
    const page = await open({ csp });

    for (const [what, hostile, tame, all] of told.pages) {
        const name = `${what}, ${csp ? 'strict' : 'no'} policy`;
        const query = csp ? 'csp=1' : '';
        const path = p => p + (p.includes('?') ? '&' : '?') + query;
        const plain = await visit(page, path(tame), `${name}, tame`);
        let next = path(hostile);
        let n = 0;

        outsides.push(plain.outside);

        while (next && n++ < (all ? 50 : 1)) {
            const found = await visit(page, next, `${name}, ${n}`);

            ok(found.ids.length, `${name}, ${n}: it has comments`);
            among([found.outside], outsides,
                  `${name}, ${n}: nothing is outside of them`);
            among(found.kinds, plain.kinds,
                  `${name}, ${n}: around their text, they are the same`);
            (seen[what] ??= new Set());
            found.ids.forEach(id => seen[what].add(id));

            next = await page.evaluate(() => document.querySelector(
                'a[rel=next]')?.getAttribute('href'));
        }
    }
    await page.context().close();
}

for (const [what, ids] of Object.entries(told.complete)) {
    is(ids.filter(id => !seen[what]?.has(`comment-${id}`)), [],
       `${what}: each of ${ids.length} comments was looked at`);
}


/* narrow: a long word leaves its comment no more than an element does */

if (told.pages.length) {
    const page = await open({ width: 320 });

    for (const [what, hostile] of told.pages) {
        await page.goto(origin + hostile, { waitUntil: 'load' });
        ok(await overflow(page) <= 0, `${what}: nothing overflows 320 px`);
    }
    await page.context().close();
}


/* pages of one's own comments: all of them read, some visited */

if (told.own) {
    const page = await open({ csp: false });
    const [hostile, tame] = told.own;
    const kinds = [], found = [];
    const path = id => `/_social/comments/${id}`;
    const known = async () => kinds.push(
        (await visit(page, path(tame[0]), 'own, tame', OWN)).outside);

    await known();

    for (const id of hostile.filter((_, i) => i % 40 === 0)) {
        found.push((await visit(page, path(id), `own ${id}`, OWN)).outside);
    }

    for (const id of hostile) {
        const html = await page.evaluate(
            async p => (await fetch(p)).text(), path(id));
        const one = await page.evaluate(look, { ...OWN, html });
        if (one.bad.length || one.ids.length !== 1) {
            is(one, null, `own ${id}: known elements only`);
        }
        found.push(one.outside);
    }

    await known();      // the time to edit may have ended meanwhile
    is(found.length > hostile.length, true, 'own pages: all were read');
    among(found, kinds, 'own pages: all are made like a tame one');
    await page.context().close();
}


/* the preview, in its place and as a page; a form that is refused */

const parts = [];

for (const text of told.texts) {
    const last = parts.length - 1;

    if (last >= 0 && parts[last].length + text.length < 4000) {
        parts[last] += '\n\n' + text;
    } else {
        parts.push(text);
    }
}

if (parts.length) {
    const page = await open({ csp: false });
    const where = { root: '.sc-n', box: '.sc-d, .sc-j, .prose' };
    const form = page.locator('form.sc-w');

    await page.goto(origin + told.form, { waitUntil: 'load' });

    for (const [i, text] of parts.entries()) {
        await form.locator('[name=text]').fill(text);
        await form.locator('button', { hasText: 'Preview' }).click();
        await page.locator('.sc-j').waitFor();
        is((await page.evaluate(look, where)).bad, [],
           `preview ${i}: known elements only`);
        await quiet(page, `preview ${i}`, where);
        await page.evaluate(() => document.querySelector('.sc-j').remove());
    }

    for (const [i, text] of parts.entries()) {
        for (const [what, action, name] of [
            ['preview', 'preview', text.slice(0, 60)],
            ['refused', 'comments', '\u200b']])
        {
            await page.goto(origin + told.form, { waitUntil: 'load' });
            await Promise.all([page.waitForURL(`**/_social/${action}`),
                form.evaluate((el, to) => {
                    el.querySelector('[name=text]').value = to.text;
                    el.querySelector('[name=name]').value = to.name;
                    el.querySelector('[name=website]').type = 'text';
                    el.querySelector('[name=website]').value = to.text
                        .slice(0, 190);
                    el.setAttribute('action', `/_social/${to.action}`);
                    HTMLFormElement.prototype.submit.call(el);
                }, { text, action, name })]);
            is((await page.evaluate(look, where)).bad, [],
               `${what} page ${i}: known elements only`);
            is(await page.locator('form [name=text]').inputValue(),
               text.replace(NO_HTML, '\ufffd'),
               `${what} page ${i}: the text is in the form as it was typed`);
            await quiet(page, `${what} page ${i}`, where);
        }
    }
    ok(parts.length > 3, `${parts.length} previews`);
    await page.context().close();
}


/* pages that show names and titles */

for (const csp of [true, false]) {
    const page = await open({ csp });

    for (const [what, path, text] of told.others) {
        await visit(page, path, what);
        ok((await page.locator('body').innerText()).includes(text),
           `${what}: "${text}" is shown as it is`);
    }
    await page.context().close();
}


await browser.close();
done();
