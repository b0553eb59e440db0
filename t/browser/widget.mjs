/*
 * The widget in a browser: form, looks, with scripts and without.
 */

import { host, is, launch, ok, overflow, serve, themes, until, violations,
         done } from './lib.mjs';
import { forms, languages, node, read, render, strings,
         widget } from './mock.mjs';

const html = render('widget', widget('en'));


/* the widget's HTML */

ok(/^<section data-social="\/posts\/listening\/"/.test(html)
   && html.endsWith('</section>')
   && html.split('<section').length === 2, 'the widget is one element');
ok(/^[\x09\x0a\x20-\x7e]+$/.test(languages.map(l =>
    render('widget', widget(l))).join('')), 'ASCII in every language');
is(html.match(/ data-social=/g).length, 1, 'data-social is set only once');
ok(!/<style|style=|<script(?! defer src=")| on[a-z]+=|javascript:/.test(html),
   'no inline style, script or handler');
ok(!/name="(id|action)"/.test(html), 'no field is called id or action');
ok(!/class="[^"]*(share|social|comment|button|advert)/.test(html),
   'no class name that ad blockers hide');
is(html.match(/id="comment-c\d+"/g).length, 8, 'every comment has an id');
ok(!/<(article|h1|main)\b/.test(html),
   'no element that a page may have only once');

const bare = read('widget.css').replace(/\/\*[^]*?\*\//g, '')
    .replace(/@media[^{]*\{/g, '').match(/[^{}]+(?=\{)/g)
    .flatMap(s => s.split(/,(?![^(]*\))/)).map(s => s.trim())
    .filter(s => s && !/^(section:where\()?\[data-social\]/.test(s));
is(bare, [], 'every CSS rule applies only within the widget');

const plural = /_(zero|one|two|few|many|other)$/;
const keys = lang => [...new Set(Object.keys(strings(lang))
    .map(k => k.replace(plural, '_other')))].join();
is(languages.length, 15, 'fifteen languages');
is(languages.filter(l => keys(l) !== keys('en')), [],
   'every language has every string, in the same order');

/* the same forms that a browser chooses from */
is(languages.filter(l => new Intl.PluralRules(l).resolvedOptions()
    .pluralCategories.some(form => !strings(l)[`comments_${form}`])), [],
   'every plural form that Intl knows of a language has a text');

/* dates are those of CLDR, British for English */
const dates = lang => strings(lang).months.map((month, i) =>
    [strings(lang).date.split(/[,،]? (?:à )?\{time\}/)[0]
        .replace('{day}', 29).replace('{month}', month)
        .replace('{year}', 2024),
     new Date(Date.UTC(2024, i, 29)).toLocaleDateString(
        `${lang === 'en' ? 'en-GB' : lang}-u-nu-latn`,
        { dateStyle: 'long', timeZone: 'UTC' })]);
is(languages.flatMap(l => dates(l).filter(([ours, cldr]) => ours
    !== cldr.replace(/\u00a0/g, ' '))), [], 'dates are as CLDR writes them');

const used = ['widget', 'share', 'reactions', 'list', 'comment', 'form',
              'fallback', 'thread', 'own', 'mine', 'error', 'preview', 'link', 'notice',
              'moderate'].map(n => read(`${n}.mustache`)).join('')
    .match(/\bt\.[a-z_]+/g);
is([...new Set(used)].filter(k => !(k.slice(2) in strings('en'))), [],
   'every string that a template names exists');

const off = render('widget', widget('en', { share: null, comments: null,
                                            reactions: null }));
ok(/<input type="hidden" name="token"/.test(off)
   && !/<form|<h2/.test(off), 'with everything off, the token remains');

const closed = render('widget', widget('en', { comments: {
    ...widget().comments, open: false, closed: true } }));
ok(!/<textarea/.test(closed) && /comments\/c11\/report"/.test(closed)
   && closed.includes(strings('en').comments_closed),
   'a closed thread takes no comments, but reports');


/* in a browser */

const css = name => ['text/css', themes[name]];
const empty = { open: true, closed: false, total: 0, none: true,
                count_text: 'Comments', list: [],
                forms: forms(strings('en')) };
const pages = {
    '/page': host(html, { css: 1 }),
    '/ar': host(render('widget', widget('ar')), { css: 1, lang: 'ar',
                                                  dir: 'rtl' }),
    '/closed': host(closed),
    '/empty': host(render('widget', widget('en', { comments: empty }))),
    '/via': host(render('widget', widget('en', { via_link: true }))),
    '/counts': '<!DOCTYPE html><title>x</title><b data-social-count="/a/">0'
        + '</b><b data-social-count="/b/">-</b>'
        + '<script defer src="/_social/widget.js"></script>',
    '/index': '<!DOCTYPE html><html lang="de"><title>x</title>'
        + '<script src="/_social/counts.js" defer></script>'
        + '<link rel="stylesheet" href="/index.css">'
        + ['/a/', '/c/', '/a/'].map(key => '<p><a href="' + key + '">x</a> '
            + `<span data-social-count="${key}" data-social-words>-</span> y`)
            .join(''),
    '/index.css': ['text/css',
        '[data-social-count] { display: inline-block; min-width: 8em }'],
    '/many': '<!DOCTYPE html><title>x</title>'
        + '<script src="/_social/counts.js" defer></script>'
        + Array.from({ length: 250 }, (_, i) =>
            `<b data-social-count="/${i}/${'x'.repeat(i < 5 ? 400 : 1)}/">`
            + '-</b>').join(''),
    '/_social/counts': ['application/json',
        '{"counts":{"/a/":{"comments":7,"reactions":null,"text":"7 Worte"},'
        + '"/c/":{"comments":1,"reactions":null,"text":"1 Wort"}}}'],
    '/network': '<!DOCTYPE html><title>network</title>',
    '/host.css': css('light')
};
const policy = { 'content-security-policy': "default-src 'self'" };
const trusted = { 'content-security-policy':
                  "default-src 'self'; require-trusted-types-for 'script'" };

let answer = () => [204, {}, ''];
const server = await serve(pages, post => answer(post),
    { '/page': policy, '/empty': policy, '/ar': policy, '/via': {
        'content-security-policy': "default-src 'self'; form-action 'self'" },
      '/trusted': trusted });
pages['/trusted'] = pages['/page'];

const browser = await launch();

async function open(path, options = {}) {
    const context = await browser.newContext({
        viewport: { width: 900, height: 900 },
        permissions: ['clipboard-read', 'clipboard-write'], ...options });
    const page = await context.newPage();
    page.problems = [];
    page.on('console', m => {
        if (m.type() === 'error' && !/status of 4\d\d|ERR_FAILED/.test(
            m.text())) {
            page.problems.push(m.text());
        }
    });
    page.on('pageerror', e => page.problems.push(e.message));
    server.posts.length = 0;
    await page.goto(server.base + path);
    return page;
}

for (const theme of Object.keys(themes)) {
    pages['/host.css'] = css(theme);

    for (const [path, width] of [['/page', 900], ['/page', 320],
                                 ['/ar', 375], ['/empty', 640],
                                 ['/closed', 375]]) {
        const page = await open(path, { viewport: { width, height: 800 } });
        await page.evaluate(() => document.querySelectorAll('details')
            .forEach(el => { el.open = true; }));
        const name = `${theme}, ${path}, ${width} pixels`;
        is(await violations(page), [], `axe finds nothing: ${name}`);
        ok(await overflow(page) <= 0, `nothing overflows: ${name}`);
        is(page.problems, [], `no errors in the console: ${name}`);
        await page.context().close();
    }
}

pages['/host.css'] = css('light');


/* the deepest replies still have room on a phone */

for (const path of ['/page', '/ar']) {
    const page = await open(path, { viewport: { width: 320, height: 800 } });
    const deepest = await page.locator('.sc-n .sc-n .sc-n .sc-n .sc-d')
        .first().boundingBox();

    ok(deepest.width >= 200,
       `${path}: a reply of the last level has 200 of 320 pixels`,
       deepest.width);
    await page.context().close();
}


/* beacon, times, layout shifts */

{
    const page = await open('/page');
    const views = () => server.posts.filter(p => p.path.endsWith('/views')
        && !p.form.seen);
    await until(() => views().length, page);
    await page.evaluate(() => {
        document.dispatchEvent(new Event('visibilitychange'));
        document.dispatchEvent(new Event('prerenderingchange'));
        window.dispatchEvent(new Event('pageshow'));
    });
    is(views().map(p => p.form), [{ article: '/posts/listening/',
        token: '2945.c2FtcGxlLXRva2Vu' }], 'one beacon with article and token');
    ok(/^application\/x-www-form-urlencoded/.test(views()[0].type),
       'the beacon is form-encoded');
    ok(/2026/.test(await page.textContent('#comment-c11 time'))
       && /UTC/.test(await page.getAttribute('#comment-c11 time', 'title')),
       'times are local, with UTC in the title');

    const shift = await page.evaluate(() => new Promise(resolve => {
        let sum = 0;
        new PerformanceObserver(list => list.getEntries()
            .forEach(e => { sum += e.value; }))
            .observe({ type: 'layout-shift', buffered: true });
        requestAnimationFrame(() => requestAnimationFrame(
            () => resolve(sum)));
    }));
    ok(shift < 0.01, 'nothing moves while the page loads', shift);
    await page.context().close();
}


/* a comment in view for two seconds while the page is visible */

{
    const heard = () => server.posts.map(p => p.form)
        .filter(form => form.seen);
    const page = await open('/page');

    await page.locator('#comment-c11').scrollIntoViewIfNeeded();
    await until(() => heard().length, page);
    is(heard(), [{ article: '/posts/listening/',
        token: '2945.c2FtcGxlLXRva2Vu', seen: 'thread' }],
       'a listener is told with article and token');

    /* open() forgets the posts so far */
    const other = await open('/page');

    await page.locator('.sc-w').scrollIntoViewIfNeeded();
    await page.locator('#comment-c11').scrollIntoViewIfNeeded();
    await page.evaluate(() => {
        document.dispatchEvent(new Event('visibilitychange'));
        window.dispatchEvent(new Event('pageshow'));
    });
    await other.locator('#comment-c11').scrollIntoViewIfNeeded();
    await until(() => heard().length, other);
    is(heard().length, 1, '... once for a page');

    await other.context().close();
    await page.context().close();
}


/* the honeypot field */

{
    const page = await open('/page');
    ok(!await page.locator('.sc-v').isVisible(),
       'the honeypot field is invisible');
    await page.locator('.sc-w [name=website]').focus();
    await page.keyboard.press('Tab');
    is(await page.evaluate(() => document.activeElement.name), 'text',
       '... and not reachable with Tab');
    await page.context().close();
}


/* writing comments */

const fresh = { id: 'c40', parent: null, name: 'Zoe', website: '',
                author: false, time: '2026-11-22T04:00:00Z', edited: null,
                html: '<p>Hello <em>there</em></p>', state: 'approved' };
const json = (status, body) => [status, { 'content-type': 'application/json' },
                                JSON.stringify(body)];

async function write(page, form, text) {
    await form.locator('[name=name]').fill('Zoe');
    await form.locator('[name=text]').fill(text);
    await form.locator('button').first().click();
    return until(() => server.posts.find(p => p.path.endsWith('/comments')),
                 page);
}

{
    answer = () => json(201, { comment: fresh });
    const page = await open('/empty');
    const post = await write(page, page.locator('.sc-w'), 'Hello *there*');
    is(post.form, { article: '/posts/listening/',
        token: '2945.c2FtcGxlLXRva2Vu', parent: '', name: 'Zoe', website: '',
        subject: '', text: 'Hello *there*' }, 'the first comment is sent');
    is(post.accept, 'application/json', 'it asks for JSON');
    await page.waitForSelector('#comment-c40');
    is(await page.textContent('#comment-c40 em'), 'there',
       'the new comment is shown');
    is(await page.textContent('h2'), '1 comment', 'the heading counts it');
    is(await page.locator('.sc-z').count(), 0,
       'the call to be the first is gone');
    is(await page.evaluate(() => document.activeElement.id), 'comment-c40',
       'the comment has the focus');
    is(await page.getAttribute('#comment-c40 a', 'href'),
       `${server.base}/_social/comments/c40`,
       'the comment links to its edit page');
    is(await page.inputValue('.sc-w [name=name]'), 'Zoe',
       'the name stays in the form');
    is(await violations(page), [], 'axe finds nothing with the new comment');
    await page.context().close();
}

{
    answer = () => json(201, { comment: { ...fresh, parent: 'c18' } });
    const page = await open('/page');
    await page.locator('#comment-c18 > .sc-c summary').click();
    const post = await write(page, page.locator('#comment-c18 form'), 'Yes');
    is(post.form.parent, 'c18', 'a reply names its parent');
    await page.waitForSelector('#comment-c18 > ol > #comment-c40');
    is(await page.textContent('h2'), '9 comments', 'a reply is counted, too');
    ok(!await page.locator('#comment-c18 > .sc-c details').evaluate(
        el => el.open), 'the reply form is closed again');
    await page.context().close();
}

{
    answer = () => json(202, { comment: { ...fresh, state: 'held' } });
    const page = await open('/page');
    const before = await page.textContent('h2');
    await write(page, page.locator('.sc-w'), 'Hello');
    await page.waitForSelector('#comment-c40 em');
    is(await page.textContent('#comment-c40 .sc-m'), strings('en').held,
       'a held comment is shown to its writer, who is told that it waits');
    is(await page.getAttribute('#comment-c40 a', 'href'),
       `${server.base}/_social/comments/c40`, 'it links to its edit page');
    is(await page.textContent('h2'), before, '... and is not counted');
    is(await page.evaluate(() => document.activeElement.id), 'comment-c40',
       '... and has the focus');
    is(await violations(page), [], 'axe finds nothing with it');

    pages['/_social/comments/c40'] = json(0, { comment: { ...fresh,
        state: 'held' } }).slice(1).map(x => x['content-type'] ?? x);
    await page.reload();
    await page.waitForSelector('#comment-c40 .sc-m');
    ok(true, 'after a reload it is there again');
    is(await page.textContent('h2'), before, '... and not counted');
    is(await page.evaluate(() => document.activeElement.tagName), 'BODY',
       '... and does not take the focus');

    await page.goto(`${server.base}/empty`);
    await page.waitForSelector('#comment-c40 .sc-m');
    is(await page.locator('.sc-z').count(), 0,
       'where it is the only one, nobody says that there is none');

    pages['/_social/comments/c40'] = json(0, { comment: fresh }).slice(1)
        .map(x => x['content-type'] ?? x);
    await page.reload();
    ok(await until(() => page.evaluate(
        () => localStorage.getItem('sc-own') === '[]'), page),
       'one that waits no more is forgotten');
    is(await page.locator('#comment-c40').count(), 0,
       '... and left to the page to show');
    delete pages['/_social/comments/c40'];
    await page.context().close();
}

{
    answer = () => json(201, { comment: fresh });
    const page = await open('/empty');
    await write(page, page.locator('.sc-w'), 'Hello');
    await page.waitForSelector('#comment-c40');
    pages['/fresh'] = host(render('widget', widget('en', { comments: {
        ...widget().comments, list: [node(40, 'Zoe', '<p>Hello</p>')] } })));
    await page.goto(`${server.base}/fresh`);
    is(await page.getAttribute('#comment-c40 > .sc-c > a', 'href'),
       `${server.base}/_social/comments/c40`,
       'after a reload the own new comment still links to its edit page');
    await page.evaluate(() => localStorage.setItem('sc-own',
        '[["/posts/listening/","c40",1]]'));
    await page.reload();
    await page.waitForSelector('#comment-c40 time[title]');
    is(await page.locator('#comment-c40 > .sc-c > a').count(), 0,
       '... until it is 15 minutes old');
    await page.context().close();
}

{
    const page = await open('/page');
    const link = page.locator('#comment-c13 > .sc-c time');

    is(await link.locator('..').getAttribute('href'),
       '/_social/comments/c13', 'the time links to the permalink');
    await link.click();
    is(page.url(), `${server.base}/page#comment-c13`,
       'a click leads to what is on the page');
    ok(await page.locator('#comment-c13').evaluate(
        el => el.matches(':target')), '... and marks it');
    await page.context().close();
}

{
    answer = () => json(202, { comment: { ...fresh, state: 'held' } });
    const page = await open('/trusted');
    await write(page, page.locator('.sc-w'), 'Hello');
    await page.waitForSelector('#comment-c40 .sc-m');
    is(await page.evaluate(() => document.activeElement.id), 'comment-c40',
       'where HTML may not be inserted, a held one is shown without text');
    await page.context().close();
}

{
    answer = () => json(422, { error: { code: 'value', field: 'website',
        message: 'The website is no address.' } });
    const page = await open('/page');
    await write(page, page.locator('.sc-w'), 'Long text');
    const field = page.locator('.sc-w [name=website]');
    await until(() => field.getAttribute('aria-invalid'), page);
    is(await page.textContent(`#${await field.getAttribute(
        'aria-describedby')}`), 'The website is no address.',
       'an error is shown at its field');
    ok(await field.evaluate(el => el === document.activeElement),
       'the field in error has the focus');
    is(await page.inputValue('.sc-w [name=text]'), 'Long text',
       'the text is kept');
    is(await violations(page), [], 'axe finds nothing with the error');
    await page.context().close();
}

/* the preview, and the limit */

{
    answer = () => json(200, { html: '<p>A <em>b</em></p><pre tabindex="0">'
        + `<code>${'long '.repeat(90)}</code></pre><ul><li>c</li></ul>` });
    const page = await open('/page', { viewport: { width: 320,
                                                   height: 800 } });
    const look = page.locator('.sc-w .sc-b', { hasText: 'Preview' });

    await page.locator('.sc-w [name=text]').fill('A *b*');
    await look.click();
    await page.waitForSelector('.sc-w .sc-j em');
    is(server.posts.filter(p => /preview$/.test(p.path)).map(p => [
        p.form.text, p.accept]), [['A *b*', 'application/json']],
       'the preview is asked for, also without a name');
    is(await page.getAttribute('.sc-j', 'role'), 'status',
       'a screen reader says it');
    is(await violations(page), [], 'axe finds nothing with a preview');
    ok(await overflow(page) <= 0, 'its code scrolls inside');

    answer = () => json(422, { error: { code: 'value', field: 'text',
        message: 'The comment is empty.' } });
    await look.click();
    await page.waitForSelector('.sc-w [aria-invalid=true]');
    is(await page.locator('.sc-j').count(), 0, 'a refused one is gone');

    answer = () => [200, { 'content-type': 'text/html' },
                    '<title>as a page</title>'];
    await look.click();
    await page.waitForFunction(() => document.title === 'as a page');
    ok(true, 'where the script fails, the page comes');
    await page.context().close();
}

{
    const page = await open('/page');
    const field = page.locator('.sc-w [name=text]');
    const said = () => page.locator('.sc-w label:has(textarea)')
        .evaluate(el => getComputedStyle(el, '::after').content);

    await field.fill('x'.repeat(9000));
    is(await said(), '""', 'far from the limit nothing is said');
    await field.fill('x'.repeat(9800));
    is(await said(), '"Characters left: 200"', 'near it, how much is left');
    await page.context().close();
}

{
    const page = await open('/page');
    await page.route('**/comments', route => route.abort());
    await page.locator('.sc-w [name=name]').fill('Zoe');
    await page.locator('.sc-w [name=text]').fill('Long text');
    await page.locator('.sc-w button').first().click();
    await page.waitForSelector('.sc-w [role=alert]');
    is(await page.inputValue('.sc-w [name=text]'), 'Long text',
       'a network failure loses no text');
    await page.context().close();
}

{
    answer = post => /json/.test(post.accept)
        ? json(403, { error: { code: 'token', message: 'Old', field: null } })
        : [403, { 'content-type': 'text/html' }, '<title>again</title>'];
    const page = await open('/page');
    await write(page, page.locator('.sc-w'), 'Long text');
    await page.waitForFunction(() => document.title === 'again');
    is(server.posts.filter(p => p.form.text === 'Long text').length, 2,
       'with an old token, the page with a new one comes');
    await page.context().close();
}

{
    answer = () => json(201, { comment: fresh });
    const page = await open('/trusted');
    await write(page, page.locator('.sc-w'), 'Hello');
    await page.waitForFunction(() => document.readyState === 'complete'
        && performance.getEntriesByType('navigation')[0].type === 'reload');
    ok(/#comment-c40$/.test(page.url()),
       'where HTML may not be inserted, the page is reloaded');
    await page.context().close();
}

{
    answer = () => [204, {}, ''];
    const page = await open('/page');
    const report = page.locator('#comment-c11 > .sc-c > .sc-r > .sc-y');
    ok(await report.isVisible(), 'Report stands beside Reply');
    await report.click();
    await page.waitForSelector('#comment-c11 [role=alert]');
    is(server.posts.filter(p => /report/.test(p.path)).map(p => [p.path,
        p.form.article, p.form.token]), [['/_social/comments/c11/report',
        '/posts/listening/', '2945.c2FtcGxlLXRva2Vu']],
       'a report needs no filled form');
    ok(await page.locator('#comment-c11 > .sc-c > [role=alert]').isVisible(),
       'its answer is shown');
    is(await violations(page), [], 'axe finds nothing with the answer');
    await page.context().close();
}

{
    const page = await open('/page');
    const focus = name => page.waitForFunction(
        n => document.activeElement.name === n, name);
    await page.locator('#comment-c11 summary').first().click();
    await focus('name');
    await page.locator('.sc-i summary').focus();
    await page.keyboard.press('Enter');
    await focus('instance');
    ok(true, 'what is opened has the focus in its first field');
    await page.context().close();
}

{
    answer = () => json(503, { error: { code: 'unavailable', field: null,
        message: 'Try again later.' } });
    const page = await open('/page');
    const like = page.locator('form[action$=reactions]');
    await like.locator('button').click();
    await like.locator('[role=alert]').waitFor();
    is([await like.locator('button').textContent(),
        await like.locator('[role=alert]').textContent()],
       ['Like 12', 'Try again later.'], 'a refused like says why');
    await page.context().close();
}


/* sharing */

{
    answer = () => [204, {}, ''];
    const page = await open('/page');
    await page.locator('[data-network=copy]').click();
    await page.waitForFunction(() => document.querySelector(
        '.sc-s [role=status]').textContent);
    is(await page.evaluate(() => navigator.clipboard.readText()),
       'https://blog.example/posts/listening/', 'the link is copied');
    const post = await until(() => server.posts.find(
        p => p.path.endsWith('/share')), page);
    is(post.form.network, 'copy', '... and counted');
    ok(await page.locator('.sc-u').isHidden(),
       'with scripts there is no link field');
    await page.context().close();
}

{
    answer = () => [303, { location: '/network' }, ''];
    const page = await open('/page');
    await page.locator('.sc-i summary').click();
    await page.locator('[name=instance]').fill('social.example');
    await page.locator('[name=instance]').press('Enter');
    await page.waitForURL('**/network');
    is(server.posts.find(p => p.path.endsWith('/share')).form,
       { article: '/posts/listening/', token: '2945.c2FtcGxlLXRva2Vu',
         instance: 'social.example', network: 'mastodon' },
       'Enter in the field shares to Mastodon');
    await page.goto(`${server.base}/page`);
    is(await page.inputValue('[name=instance]'), 'social.example',
       'the instance is remembered');
    await page.context().close();
}

{
    answer = post => [200, { 'content-type': 'text/html' }, render('link',
        { ...widget(), url: `${server.base}/network?${post.form.network}`,
          label: 'Bluesky', back: '/page' })];
    const page = await open('/via');
    await page.locator('button[value=bluesky]').click();
    await page.waitForURL('**/network?bluesky');
    is(server.posts.find(p => p.path.endsWith('/share')).form.via, 'link',
       'form-action \'self\' does not block a share');
    await page.context().close();
}

{
    answer = () => json(200, { reactions: 13, on: true });
    const page = await open('/page');
    const like = page.locator('form[action$=reactions] button');
    await like.click();
    await until(() => like.getAttribute('aria-pressed'), page);
    is(await like.textContent(), 'Like 13', 'a like is counted in place');
    is(await page.getByRole('button', { name: 'Like 13', exact: true,
                                        pressed: true }).count(), 1,
       '... and a screen reader says what it is, how many, and that it is on');
    answer = () => json(200, { reactions: 12, on: false });
    await like.click();
    await until(async () => await like.getAttribute('aria-pressed')
        === 'false', page);
    is(await like.textContent(), 'Like 12', 'a second one takes it back');
    is(await violations(page), [], 'axe finds nothing then');
    await page.context().close();
}

/* where everything in the page is, but for the text in the button */
const places = page => page.evaluate(() => JSON.stringify(
    [...document.querySelectorAll('main, main *')].map(el => {
        const { x, y, width, height } = el.getBoundingClientRect();
        return [x, y, width, height].map(n => Math.round(n * 10));
    })));

for (const width of [320, 900]) {
    const one = widget('en', { reactions: { n: 0 } });

    pages['/likes'] = host(render('widget', one), { css: 1 });
    const page = await open('/likes', { viewport: { width, height: 900 } });
    const like = page.locator('form[action$=reactions] button');
    const before = await places(page);

    for (const n of [1, 10, 99]) {
        answer = () => json(200, { reactions: n, on: true });
        await like.click();
        await until(async () => await like.textContent() === `Like ${n}`,
                    page);
        is(await places(page), before, `${n} likes move nothing, ${width} px`);
    }

    await page.context().close();
}

{
    const page = await open('/counts');
    await page.waitForFunction(() => document.querySelector('b')
        .textContent === '7');
    is(await page.locator('b').allTextContents(), ['7', '-'],
       'counts outside the widget are filled in; unknown ones stay');
    await page.context().close();
}

{
    const page = await open('/network'), asked = [];

    page.on('request', request => {
        if (/counts\?/.test(request.url())) {
            asked.push(request.url());
        }
    });

    await page.goto(new URL('/index', page.url()).href);
    await page.waitForFunction(() => document.querySelector('span')
        .textContent === '7 Worte');
    is(await page.locator('span').allTextContents(),
       ['7 Worte', '1 Wort', '7 Worte'], 'an index page: words');
    is(asked.map(url => url.replace(/^.*\?/, '')),
       ['lang=de&article=%2Fa%2F&article=%2Fc%2F'],
       'one request, in the language of the page, each key once');
    is(await page.evaluate(() => new Promise(resolve => {
        let sum = 0;

        new PerformanceObserver(list => list.getEntries().forEach(e => {
            sum += e.value;
        })).observe({ type: 'layout-shift', buffered: true });
        requestAnimationFrame(() => requestAnimationFrame(
            () => setTimeout(() => resolve(sum))));
    })), 0, 'nothing moves');

    asked.length = 0;
    await page.goto(new URL('/many', page.url()).href);
    await page.waitForFunction(n => performance.getEntriesByType('resource')
        .filter(e => /counts\?/.test(e.name)).length >= n, 3);
    ok(asked.every(url => url.length < 8000
        && url.split('article=').length <= 101),
       'requests are bounded in keys and in bytes');
    is(new Set(asked.flatMap(url => url.match(/article=[^&]*/g))).size, 250,
       'all are asked for');
    await page.context().close();
}


/* without scripts */

{
    answer = () => [303, { location: '/network' }, ''];
    const page = await open('/page', { javaScriptEnabled: false });
    ok(await page.locator('.sc-u input').isVisible(),
       'without scripts the link can be copied from a field');
    ok(!await page.locator('[data-network]').first().isVisible(),
       'buttons that need scripts are hidden');
    await page.locator('#comment-c15 > .sc-c summary').click();
    const form = page.locator('#comment-c15 form');
    await form.locator('[name=name]').fill('Zoe');
    await form.locator('[name=text]').fill('Plain');
    await form.locator('button').first().click();
    await page.waitForURL('**/network');
    const post = server.posts.find(p => p.path === '/_social/comments');
    is([post.form.parent, post.form.name, post.form.text],
       ['c15', 'Zoe', 'Plain'], 'a reply works without scripts');
    await page.goto(`${server.base}/page`);
    await page.locator('#comment-c15 > .sc-c > .sc-r > .sc-y').click();
    await page.waitForURL('**/network');
    is(server.posts.find(p => /report/.test(p.path)).path,
       '/_social/comments/c15/report', 'a report works without scripts');
    await page.goto(`${server.base}/page`);
    await page.locator('button[value=reddit]').click();
    await page.waitForURL('**/network');
    is(server.posts.find(p => p.path.endsWith('/share')).form.network,
       'reddit', 'a share works without scripts');
    await page.goto(`${server.base}/page`);
    await page.getByRole('button', { name: 'Like 12', exact: true }).click();
    await page.waitForURL('**/network');
    is(server.posts.find(p => p.path.endsWith('/reactions')).form,
       { article: '/posts/listening/', token: '2945.c2FtcGxlLXRva2Vu' },
       'a like works without scripts');
    await page.context().close();
}

await browser.close();
server.close();
done();
