/*
 * The widget in pages with a Content-Security-Policy:
 *   node csp.mjs http://127.0.0.1:PORT
 *
 * t/browser_csp.t has the pages; the policies stand in docs/comments.md.
 */

import { is, launch, ok, until, whole, done } from './lib.mjs';

const origin = process.argv[2];
const browser = await launch();

async function visit(name) {
    const context = await whole(
        await browser.newContext({ locale: 'en-GB' }), origin);
    const page = await context.newPage();

    page.refused = [];
    page.on('console', message => {
        if (/Content.Security.Policy/i.test(message.text())) {
            page.refused.push(message.text());
        }
    });
    await page.goto(`${origin}/posts/${name}/`, { waitUntil: 'load' });

    return page;
}

const styled = page => page.evaluate(() => [...document.styleSheets].some(
    sheet => /widget\.css/.test(sheet.href) && sheet.cssRules.length > 10));

async function write(page, text) {
    const form = page.locator('form.sc-w');

    await form.locator('[name=name]').fill('Ann');
    await form.locator('[name=text]').fill(text);
    await form.locator('button').first().click();
}


for (const name of ['self', 'least', 'nonce-own']) {
    const page = await visit(name);

    ok(await until(() => page.evaluate(() => document.scWidget), page),
       `${name}: the script runs`);
    ok(await styled(page), `${name}: the style sheet is used`);

    await write(page, `by script, ${name}`);
    await page.locator('.sc-n').waitFor();
    is(await page.evaluate(() => location.hash), '',
       `${name}: a comment appears without a new page`);

    if (name !== 'nonce-own') {
        is(page.refused, [], `${name}: the policy refuses nothing`);
    }

    await page.context().close();
}


/* the policy forbids our own tag: what is left works without script */

const page = await visit('nonce');

ok(page.refused.length > 0, 'nonce: the script is refused');
is(await page.evaluate(() => document.scWidget), undefined,
   'nonce: the script does not run');
await write(page, 'without script');
await page.waitForURL(/#comment-/);
await page.reload();
ok((await page.textContent('.sc-d')).includes('without script'),
   'nonce: a comment is sent by the form');

await browser.close();
done();
