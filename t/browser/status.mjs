/*
 * The status page in a browser, as t/unit/status_html.c writes it:
 *   node status.mjs FOLDER
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { done, is, launch, ok, overflow, serve, until, violations }
    from './lib.mjs';

const names = ['status', 'article', 'empty', 'public'];
const pages = Object.fromEntries(names.map(name => [`/${name}`,
    readFileSync(join(process.argv[2], `${name}.html`), 'utf8')]));
const policies = Object.fromEntries(names.map(name => [`/${name}`, {
    'content-security-policy': "default-src 'self'" }]));

for (const [path, html] of Object.entries(pages)) {
    ok(!/<style|style=|<script(?! defer src=")| on[a-z]+=/.test(html),
       `no inline style or script: ${path}`);
    ok(/^[\x09\x0a\x20-\x7e]+$/.test(html), `ASCII: ${path}`);
}

const server = await serve(pages, () => [303, { location: '/status' }, ''],
                           policies);
const browser = await launch();

/* what a finger would miss: WCAG 2.2, 2.5.8 */
const small = page => page.evaluate(() => [...document.querySelectorAll(
    'a, button, summary, input, textarea')]
    .filter(el => el.getClientRects().length && el.type !== 'hidden')
    .map(el => [el, el.getBoundingClientRect()])
    .filter(([, box]) => box.width < 24 || box.height < 24)
    .map(([el, box]) => `${el.outerHTML.slice(0, 70)} `
        + `${box.width} x ${box.height}`));

const open = page => page.evaluate(() => document.querySelectorAll('details')
    .forEach(el => { el.open = true; }));


for (const path of Object.keys(pages)) {
    for (const [width, colorScheme] of [[1280, 'light'], [640, 'light'],
                                        [360, 'light'], [320, 'dark']])
    {
        const context = await browser.newContext({ colorScheme,
            viewport: { width, height: 800 } });
        const page = await context.newPage();
        const name = `${path}, ${width} pixels, ${colorScheme}`;
        const problems = [];
        page.on('console', m => m.type() === 'error'
                                && problems.push(m.text()));
        page.on('pageerror', e => problems.push(e.message));
        await page.goto(server.base + path);
        ok(await overflow(page) <= 0, `nothing overflows: ${name}`);
        await open(page);
        ok(await overflow(page) <= 0, `... with details open: ${name}`);

        if (width === 1280 || width === 320) {
            is(await violations(page), [], `axe finds nothing: ${name}`);
        }

        is(await small(page), [], `targets have 24 pixels: ${name}`);
        is(problems, [], `no errors in the console: ${name}`);
        await context.close();
    }
}


/* on a phone, what grows has a line of its own: beside four columns of numbers
 * it would have one word a line */

{
    const context = await browser.newContext({
        viewport: { width: 360, height: 800 } });
    const page = await context.newPage();
    await page.goto(`${server.base}/status`);
    const [line, label, scroll] = await page.evaluate(() => {
        const wide = what => document.querySelector(`#growth ${what}`)
            .getBoundingClientRect().width;

        return [wide('tbody tr'), wide('tbody th'),
                document.querySelector('#growth .scroll').scrollWidth];
    });
    ok(label > line * .9, 'on a phone, what grows has the whole line',
       `${label} of ${line} pixels`);
    ok(scroll <= 360, '... and no number is beyond the edge', scroll);
    await context.close();
}


/* without scripts */

{
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${server.base}/status`);

    is(await page.evaluate(() => [...document.querySelectorAll('a[href^="#"]')]
        .map(a => a.getAttribute('href').slice(1))
        .filter(id => !document.getElementById(id))), [],
       'every figure links to its definition');
    is(await page.evaluate(() => [...document.querySelectorAll('[id]')]
        .map(el => el.id).filter((id, i, all) => all.indexOf(id) !== i)), [],
       'every id is there once');

    const first = page.locator('#wait-c41');
    await first.locator('summary').click();
    await first.locator('textarea').fill('I am sorry. Please write again.');
    await first.locator('button[value=reply]').click();
    await page.waitForLoadState();
    is([server.posts.at(-1).path, server.posts.at(-1).form],
       ['/_moderate/', { id: 'c41', revision: '7',
                         text: 'I am sorry. Please write again.',
                         action: 'reply' }],
       'a comment is answered in one step');
    is(new URL(page.url()).hash, '#waiting', '... and the next ones are there');

    await page.locator('#wait-c42 summary').click();
    await page.locator('#wait-c42 button[value=done]').click();
    await page.waitForLoadState();
    is(server.posts.at(-1).form.action, 'done',
       'or needs no answer, without a text');

    await page.goto(`${server.base}/status`);
    await page.locator('.articles th a', { hasText: /^Views$/ }).click();
    await page.waitForURL(/sort=views/);
    ok(true, 'a column sorts by its address');
    await page.locator('a[aria-current=true]').first().waitFor();
    await page.locator('.tools a', { hasText: 'Unheard' }).click();
    await page.waitForURL(/class=unheard/);
    ok(true, 'a class filters by its address');
    await page.locator('[name=q]').fill('bench');
    await page.locator('[name=q]').press('Enter');
    await page.waitForURL(/q=bench/);
    ok(/period=28d/.test(page.url()), 'a search keeps the period');

    await page.locator('.days summary').click();
    await page.locator('[name=from]').fill('2026-10-01');
    await page.locator('[name=to]').fill('2026-10-07');
    await page.locator('.days button').click();
    await page.waitForURL(/from=2026-10-01&to=2026-10-07/);
    ok(!/period=/.test(page.url()), 'any days replace the period');
    await context.close();
}


/* with scripts: in place, without losing focus, scroll or what was typed */

{
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.clock.install();
    await page.goto(`${server.base}/status`);
    await page.evaluate(() => { window.same = true; });

    const views = page.locator('.articles th a', { hasText: /^Views$/ });
    await views.focus();
    const top = await page.evaluate(() => window.scrollY);
    await page.keyboard.press('Enter');
    await page.waitForURL(/sort=views/);
    ok(await page.evaluate(() => window.same), 'a column sorts in place');
    ok(await until(() => page.evaluate(() =>
           document.activeElement.textContent === 'Views'), page),
       '... and keeps the focus');
    ok(Math.abs(await page.evaluate(() => window.scrollY) - top) < 50,
       '... and the scroll position');

    await page.goBack();
    await page.waitForURL(url => !/sort=/.test(url.href));
    ok(await page.evaluate(() => window.same), 'Back works in place');

    await page.locator('.chart summary').click();
    await page.locator('#wait-c41 summary').click();
    await page.locator('#wait-c41 textarea').fill('Half an ans');
    pages['/status'] = pages['/status'].replace('>15,002<', '>15,003<');
    ok(/>15,003</.test(pages['/status']), 'the figures change');
    await page.clock.runFor(61000);
    ok(await until(() => page.evaluate(() =>
           document.querySelector('.tiles').textContent.includes('15,003')),
       page), 'the page refreshes after a minute');
    is(await page.evaluate(() => [
        document.querySelector('#wait-c41 textarea').value,
        document.activeElement.name,
        document.querySelector('.chart details').open]),
       ['Half an ans', 'text', true],
       '... but not what is being written, the focus and what is open');
    await context.close();
}


/* the keyboard reaches everything in the order of the page */

{
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${server.base}/article`);
    const walk = [];

    for (let i = 0; i < 400; i++) {
        await page.keyboard.press('Tab');
        const y = await page.evaluate(() => {
            const el = document.activeElement;
            return el === document.body ? null
                : [el.tagName, getComputedStyle(el).outlineStyle,
                   [...document.querySelectorAll('*')].indexOf(el)];
        });

        if (y === null) {
            break;
        }

        walk.push(y);
    }

    ok(walk.length > 40, `${walk.length} stops for the keyboard`);
    ok(walk.every((y, i) => !i || y[2] > walk[i - 1][2]),
       'in the order of the page');
    is(walk.filter(y => y[1] === 'none'), [], 'the focus is always visible');
    await context.close();
}


/* on paper */

{
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${server.base}/status`);
    await page.emulateMedia({ media: 'print' });
    is(await page.evaluate(() => ['.tabs', '.find', '.waits details']
        .filter(name => [...document.querySelectorAll(name)]
            .some(el => el.getClientRects().length))), [],
       'no controls are printed');
    ok(await page.locator('.chart svg').isVisible(), 'the chart is');
    await context.close();
}

await browser.close();
server.close();
done();
