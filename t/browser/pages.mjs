/*
 * The module's pages in a browser: thread, own comment, errors, the link page
 * of a share, moderation.  The status page: status.mjs.
 */

import { done, is, launch, ok, overflow, serve, violations } from './lib.mjs';
import { moderate } from './mock-admin.mjs';
import { node, render, strings, thread, widget } from './mock.mjs';

const t = strings('en');
const article = { title: 'Listening before posting', article_url: '/x/',
                  comment_url: '/x/#comment-c9' };
const form = { present: true, name: 'Ada "<b>"', website: 'javascript:x',
               text: '\nTwo lines\n</textarea><b>&amp;', typed: true,
               who: true, words: true, where: false, instance: '',
               to: '/_social/comments',
               hidden: [{ field: 'article', value: '/x/' },
                        { field: 'token', value: 'x' }],
               invalid: { website: true } };

/* one's own comments, in all states */
const mine = (lang = 'en') => {
    const words = strings(lang);
    const item = (id, state, more) => ({ ...node(id, 'Ada Lind',
        `<p>Number ${id}</p><pre tabindex="0"><code>${'long '.repeat(60)}`
            + '</code></pre>'),
        title: `An article ${'with a long title '.repeat(4)}`,
        article_url: '/x/', state_text: words[`s_${state}`], reason_text: '',
        shown: state === 'approved', held: state === 'held',
        there: state !== 'deleted', can_edit: false, ...more });

    return { ...widget(lang), some: true, total: 4, next: '/more', list: [
        item(24, 'held', { reason_text: words.r_links, can_edit: true }),
        item(23, 'approved', { edited: true }), item(22, 'spam'),
        item(21, 'deleted')] };
};

const pages = {
    '/thread': render('thread', { ...widget(), ...article, page: 2,
                                  prev: '/_social/thread?article=%2Fx%2F',
                                  next: '/_social/thread?article=x&page=3' }),
    '/own': render('own', { ...widget(), ...article, comment: thread[0],
                            held: true, reason_text: 'links',
                            can_edit: true, text: '\nAs *typed* <b>' }),
    '/own-old': render('own', { ...widget('ar'), ...article, held: false,
                                comment: node(9, 'Per', '<p>Yes</p>'),
                                reason_text: '', can_edit: false, text: '' }),
    '/mine': render('mine', mine()),
    '/mine-ar': render('mine', mine('ar')),
    '/mine-none': render('mine', { ...widget(), some: false, list: [] }),
    '/thread-oldest': render('thread', { ...widget(), ...article, page: 2,
        oldest: true, prev: '/_social/thread?article=%2Fx%2F', next: '/n',
        comments: { ...widget().comments, older: null, later: '/n' } }),
    '/error': render('error', { ...widget(), title: t.error_title, form,
                                message: 'The website is no address.',
                                back: '/x/' }),
    '/error-bare': render('error', { ...widget(), title: t.error_title,
                                     message: 'Not found.', back: '' }),
    '/preview': render('preview', { ...widget(), form, back: '/x/',
        html: '<p>As <em>typed</em></p><pre tabindex="0"><code>'
            + 'long '.repeat(90) + '</code></pre>' }),
    '/link': render('link', { ...widget(), url: 'https://bsky.app/?a=1&b=2',
                              label: 'Bluesky', back: '/x/' }),
    '/notice': render('notice', { ...widget(), message: 'Done.', back: '/' }),
    '/moderate': render('moderate', moderate()),
    '/moderate-ar': render('moderate', moderate('ar')),
    '/moderate-none': render('moderate', moderate('de', {
        items: [], empty: true, next: null }))
};

for (const [path, html] of Object.entries(pages)) {
    ok(!/<style|style=|<script(?! defer src=")| on[a-z]+=/.test(html),
       `no inline style or script: ${path}`);
    ok(/^[\x09\x0a\x20-\x7e]+$/.test(html), `ASCII: ${path}`);
}

const policies = Object.fromEntries(Object.keys(pages).map(path => [path, {
    'content-security-policy': "default-src 'self'" }]));
const server = await serve(pages, () => [204, {}, ''], policies);
const browser = await launch();

for (const path of Object.keys(pages)) {
    for (const [width, colorScheme] of [[1200, 'light'], [320, 'dark']]) {
        const context = await browser.newContext({ colorScheme,
            viewport: { width, height: 800 } });
        const page = await context.newPage();
        const problems = [];
        page.on('console', m => m.type() === 'error'
                                && problems.push(m.text()));
        page.on('pageerror', e => problems.push(e.message));
        await page.goto(server.base + path);
        await page.evaluate(() => document.querySelectorAll('details')
            .forEach(el => { el.open = true; }));
        const name = `${path}, ${width} pixels, ${colorScheme}`;
        is(await violations(page), [], `axe finds nothing: ${name}`);
        ok(await overflow(page) <= 0, `nothing overflows: ${name}`);
        is(problems, [], `no errors in the console: ${name}`);
        await context.close();
    }
}


/* with scripts */

{
    const context = await browser.newContext({ timezoneId: 'Asia/Tokyo' });
    const page = await context.newPage();
    await page.goto(`${server.base}/own`);
    const own = page.locator('.who time');
    ok(/18:14|6:14/.test(await own.textContent()),
       'one\'s own comment has the time of the reader\'s clock');
    ok(/09:14 UTC/.test(await own.getAttribute('title')),
       '... and UTC in its title');
    await page.goto(`${server.base}/moderate`);
    await page.locator('#comment-c33 details summary').first().click();
    await page.waitForFunction(() => document.activeElement.name === 'text');
    ok(true, 'a reply that is opened in the queue has the focus');
    await context.close();
}


/* without scripts, everything is visible and every form works */

const context = await browser.newContext({ javaScriptEnabled: false });
const page = await context.newPage();

await page.goto(`${server.base}/error`);
is([await page.inputValue('[name=name]'), await page.inputValue('[name=text]'),
    await page.inputValue('[name=website]')],
   [form.name, form.text, form.website], 'an error page keeps what was typed');
is(await page.getAttribute('[name=website]', 'aria-describedby'), 'why',
   '... and marks the field in error');

await page.goto(`${server.base}/own`);
is(await page.inputValue('[name=text]'), '\nAs *typed* <b>',
   'the text to edit is the text as typed');

await page.goto(`${server.base}/mine`);
const before = server.posts.length;
await page.locator('summary').click();
await page.locator('form button').click();
is([server.posts.length, await page.evaluate(() =>
       document.activeElement.type)], [before, 'checkbox'],
   'nothing is erased without a confirmation');
await page.locator('form input').check();
await page.locator('form button').click();
await page.waitForLoadState();
is(server.posts.at(-1).path, '/_social/mine/erase', 'with it, it is');

await page.goto(`${server.base}/thread-oldest`);
is(await page.locator('.pager a').allTextContents(),
   [t.older, t.newer], 'oldest first: the way on is to newer ones');

await page.goto(`${server.base}/thread`);
is(await page.locator('.pager a').allTextContents(),
   [t.newer, t.older], 'newest first: the way on is to older ones');
is(await page.locator('a[rel=next]').count() > 0
   && await page.locator('a[rel=prev]').count() > 0, true,
   'a thread links to its other pages');

await page.goto(`${server.base}/link`);
is(await page.getAttribute('a[rel~=nofollow]', 'href'),
   'https://bsky.app/?a=1&b=2', 'a share page has one link');

await page.goto(`${server.base}/moderate`);
await page.locator('.pick input').nth(0).check();
await page.locator('.pick input').nth(2).check();
await page.locator('#bulk button[value=spam]').click();
await page.waitForLoadState();
const bulk = new URLSearchParams(server.posts.at(-1).body);
is([bulk.getAll('id'), bulk.get('action'), server.posts.at(-1).path],
   [['c31', 'c33'], 'spam', '/_moderate/'],
   'several comments can be moderated at once');

await page.goto(`${server.base}/moderate`);
await page.locator('#comment-c31 button[value=approve]').click();
await page.waitForLoadState();
is(server.posts.at(-1).form, { id: 'c31', token: '2945.c2FtcGxl',
   revision: '7', action: 'approve' }, 'one comment is moderated with one click');

await page.goto(`${server.base}/moderate`);
await page.locator('#comment-c33 details summary').first().click();
await page.locator('#comment-c33 details textarea').first().fill('Thanks');
await page.locator('#comment-c33 details button').first().click();
await page.waitForLoadState();
is(server.posts.at(-1).form, { id: 'c33', token: '2945.c2FtcGxl',
   revision: '7', action: 'reply', text: 'Thanks' }, 'a reply is sent from the queue');

await page.goto(`${server.base}/moderate`);
const sent = server.posts.length;
await page.locator('#comment-c33 details summary').last().click();
await page.locator('#comment-c33 button[value=erase]').click();
is([server.posts.length, await page.evaluate(() =>
       document.activeElement.type)], [sent, 'checkbox'],
   'a comment is not erased without a confirmation');
await page.locator('#comment-c33 details').last().locator('input[type=checkbox]')
    .check();
await page.locator('#comment-c33 button[value=erase]').click();
await page.waitForLoadState();
is(server.posts.at(-1).form, { id: 'c33', token: '2945.c2FtcGxl',
   action: 'erase' }, 'with it, it is');

await browser.close();
server.close();
done();
