/*
 * Everything together in a browser: a reader comments with and without scripts,
 * the moderator approves and replies, the next reader sees both.
 *   node live.mjs http://127.0.0.1:PORT
 */

import { is, launch, ok, overflow, violations, whole, done } from './lib.mjs';

const origin = process.argv[2];
const browser = await launch();
const errors = [];
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, '
    + 'like Gecko) Chrome/128.0.0.0 Safari/537.36';

async function visit(path, options = {}) {
    // a headless browser says that it is one, and would be counted as a bot
    const context = await whole(
        await browser.newContext({ userAgent: AGENT, ...options }), origin);
    const page = await context.newPage();

    page.on('pageerror', e => errors.push(String(e)));
    page.on('console', m => {
        if (m.type() === 'error' && !/favicon/.test(m.location().url)) {
            errors.push(`${path}: ${m.text()}`);
        }
    });
    await page.goto(origin + path);

    return page;
}


/* without scripts */

let page = await visit('/posts/bread/', { javaScriptEnabled: false });
let form = page.locator('form.sc-w');

ok(await form.isVisible(), 'without scripts there is a form');
await form.locator('[name=name]').fill('Ann');
await form.locator('[name=text]').fill('How *much* water?');
await form.locator('button', { hasText: 'Preview' }).click();
await page.locator('.prose em').waitFor();
ok(/_social\/preview$/.test(page.url()), 'the preview is a page');

// axe needs scripts
const shown = await visit('/posts/bread/');
await shown.setContent(await page.content());
is(await violations(shown), [], 'axe finds nothing on it');
await shown.context().close();
is(await page.inputValue('[name=name]'), 'Ann', 'it keeps the name');
await page.locator('[name=text]').fill('How much water?\n\n<b>Really</b>');
await page.locator('button', { hasText: 'Post comment' }).click();
await page.waitForURL(/\/_social\/comments\/c\d+$/);

ok((await page.content()).includes('How much water?'),
   'a held comment is shown to its writer');

const mine = page.url().replace(origin, '');
const own = await visit(mine,
    { storageState: await page.context().storageState() });
is(await violations(own), [], 'axe finds nothing on the writer\'s page');

const other = await visit('/posts/bread/', { javaScriptEnabled: false });
ok(!(await other.content()).includes('How much water'),
   'but to nobody else');
is((await other.goto(origin + mine)).status(), 404, 'nor at its own URL');


/* the moderator */

const desk = await visit('/_moderate/', {
    httpCredentials: { username: 'jo', password: 'pw' }
});

ok((await desk.content()).includes('How much water?'),
   'the comment is in the queue');
is(await violations(desk), [], 'axe finds nothing in the queue');
await desk.locator('.card summary').first().click();
await desk.locator('.card details[open] textarea').fill('65 %, by weight.');
await desk.locator('.card details[open] button').click();
await desk.waitForURL(/_moderate/);

await desk.goto(origin + '/posts/bread/');
const thread = desk.locator('[data-social] .sc-n');
is(await thread.count(), 2, 'a reply approves the comment, too');
ok(await desk.locator('.sc-n .sc-n .sc-a').isVisible(),
   "the author's badge is on the reply");


/* the next reader, with scripts; the comment is approved by then */

page = await visit('/posts/bread/');
ok((await page.content()).includes('&lt;b&gt;Really'),
   'markup is shown as typed');
is(await violations(page), [], 'axe finds nothing in the article');
ok(!await overflow(page), 'nothing overflows');

form = page.locator('form.sc-w');
await form.locator('[name=name]').fill('Ben');
await form.locator('[name=website]').fill('not a website at all !');
await form.locator('[name=text]').fill('Thank *you*');
await form.locator('button', { hasText: 'Preview' }).click();
await page.locator('.sc-j em').waitFor();
is(await page.textContent('.sc-j em'), 'you', 'a preview in its place');
await form.locator('[name=text]').fill('Thank you');
await form.evaluate(el => { el.noValidate = true; });
await form.locator('button').first().click();
await page.locator('[aria-invalid=true]').waitFor();

is(await page.locator('[aria-invalid=true]').getAttribute('name'), 'website',
   'an error is marked at its field');
is(await form.locator('[name=text]').inputValue(), 'Thank you',
   'the typed text is kept');

await form.locator('[name=website]').fill('');
await form.locator('button').first().click();
const held = page.locator('.sc-n', { has: page.locator('.sc-m') });
await held.waitFor();
ok(/Thank you/.test(await held.textContent()),
   'a held comment is shown to its writer, who is told that it waits');
await page.reload();
await held.waitFor();
is([await held.count(), await page.textContent('h2')], [1, '2 comments'],
   'after a reload, too; others see and count it not');
is(await violations(page), [], 'axe finds nothing with it');
ok(!(await other.goto(origin + '/posts/bread/').then(res => res.text()))
    .includes('>Ben<'), '... in the very page that has none of it');

const list = await visit('/_social/mine',
    { storageState: await page.context().storageState() });
is(await list.locator('.card .chip').allTextContents(),
   ['Waiting for approval'], 'the page of own comments has its state');
is(await violations(list), [], 'axe finds nothing there');
await list.locator('.card a', { hasText: 'edit' }).click();
await list.locator('[name=text]').fill('Thanks a lot');
await list.locator('button.main').click();
await list.locator('.prose', { hasText: 'Thanks a lot' }).waitFor();
ok(true, '... leads to the form to edit it');


/* phone, dark, zoomed to 200 % */

for (const [name, options] of [
    ['phone', { viewport: { width: 320, height: 640 } }],
    ['dark', { colorScheme: 'dark' }],
    ['zoomed', { viewport: { width: 640, height: 400 },
                 deviceScaleFactor: 2 }]
]) {
    const small = await visit('/posts/bread/', options);
    ok(!await overflow(small), `${name}: nothing overflows`);
    is(await violations(small), [], `${name}: axe finds nothing`);
}

const status = await visit('/social');
is(await violations(status), [], 'axe finds nothing on the status page');
ok((await status.content()).includes('In the last 28 days'),
   'it begins with a summary');

is(errors.filter(e => !/404|422/.test(e)), [], 'no errors in the console');

await browser.close();
done();
