/*
 * The moderation page as one uses it: keys, undo, phone, dark, large text,
 * without a script.  The site has held, approved and answered comments.
 *   node moderate.mjs http://127.0.0.1:PORT [DIRECTORY for pictures]
 */

import { is, launch, ok, overflow, violations, done } from './lib.mjs';

const [origin, to] = process.argv.slice(2);
const browser = await launch();
const errors = [];

async function visit(path, options = {}) {
    const context = await browser.newContext({
        httpCredentials: { username: 'jo', password: 'pw' }, ...options });
    const page = await context.newPage();

    page.on('pageerror', e => errors.push(String(e)));
    await page.goto(origin + path);

    return page;
}

const shoot = async (page, name) => to && page.screenshot({
    path: `${to}/${name}.png`, fullPage: true });

const looks = {
    desktop: { viewport: { width: 1200, height: 900 } },
    phone: { viewport: { width: 390, height: 844 }, hasTouch: true },
    dark: { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
    narrow: { viewport: { width: 320, height: 640 } },
    zoomed: { viewport: { width: 600, height: 450 }, deviceScaleFactor: 2 }
};

for (const [name, options] of Object.entries(looks)) {
    const page = await visit('/_moderate/', options);

    is(await overflow(page), 0, `${name}: nothing is wider than the page`);

    if (name === 'phone' || name === 'dark') {
        is(await violations(page), [], `${name}: axe finds nothing`);
    }

    await shoot(page, name);
    await page.context().close();
}


/* every control has a size for a thumb, and a name */

const phone = await visit('/_moderate/', looks.phone);
const small = await phone.locator('.acts button:visible').evaluateAll(
    all => all.filter(b => b.getBoundingClientRect().height < 40)
        .map(b => b.textContent));

is(small, [], 'buttons are large enough for a thumb');
await phone.locator('.card details').filter({ hasText: 'Edit' }).first()
    .locator('summary').click();
is(await violations(phone), [], 'axe finds nothing in an open form');
await shoot(phone, 'open');


/* keys */

const desk = await visit('/_moderate/', looks.desktop);
const focused = () => desk.evaluate(() =>
    document.activeElement.closest('.queue > li')?.id ?? '');
const ids = await desk.locator('.card').evaluateAll(all => all.map(c => c.id));

ok(ids.length >= 3, 'there are comments');
await desk.keyboard.press('j');
is(await focused(), ids[0], 'j goes to the first comment');
await desk.keyboard.press('j');
is(await focused(), ids[1], 'then to the next one');
await desk.keyboard.press('k');
is(await focused(), ids[0], 'k back');
await desk.keyboard.press('x');
ok(await desk.locator(`#${ids[0]} .pick input`).isChecked(), 'x selects it');
await desk.keyboard.press('x');
await desk.keyboard.press('r');
is(await desk.evaluate(() => document.activeElement.name), 'text',
    'r opens the reply');
await desk.keyboard.type('ask');
is(await desk.locator(`#${ids[0]} details[open] [name=text]`).inputValue(),
    'ask', 'and keys are letters there');
await desk.keyboard.press('Tab');
await desk.locator(`#${ids[0]}`).focus();
await Promise.all([desk.waitForNavigation(), desk.keyboard.press('s')]);
ok(await desk.locator('#undo').isVisible(), 's marks it as spam');
ok((await desk.locator('#undo').textContent()).includes('spam'),
    'the page says what was done');
ok(!(await desk.locator(`#${ids[0]} .chip.warn`).count()), 'it waits no more');
await shoot(desk, 'undo');
await Promise.all([desk.waitForNavigation(), desk.keyboard.press('u')]);
ok(await desk.locator(`#${ids[0]} .chip.warn`).count(), 'u takes it back');
await desk.keyboard.press('/');
is(await desk.evaluate(() => document.activeElement.name), 'q', '/ searches');
ok(await desk.locator('.keys').isVisible(), 'a line says which keys there are');


/* with Tab alone one gets to every button, in the order of the page */

await desk.evaluate(() => document.activeElement.blur());
const order = [];

for (let i = 0; i < 40; i++) {
    await desk.keyboard.press('Tab');
    order.push(await desk.evaluate(() =>
        [].indexOf.call(document.querySelectorAll('*'),
            document.activeElement)));
}

const sorted = [...order].filter(n => n > 10);
ok(sorted.every((n, i) => i === 0 || n > sorted[i - 1]
    || n === Math.min(...sorted)), 'Tab follows the order of the page');


/* without a script: all that look alike, with one button */

const plain = await visit('/_moderate/?state=held', {
    ...looks.phone, javaScriptEnabled: false });

await plain.locator('a', { hasText: 'All like this' }).first().click();
await shoot(plain, 'plain');
const picked = await plain.locator('.pick input:checked').count();

ok(picked >= 2, 'what looks alike is selected');
await plain.locator('#bulk button', { hasText: 'Spam' }).click();
await plain.goto(`${origin}/_moderate/?state=spam`);
is(await plain.locator('.card').count(), picked, 'all are spam then');
await plain.locator('#undo button').click();
await plain.goto(`${origin}/_moderate/?state=spam`);
is(await plain.locator('.card').count(), 0, 'and with one button none is');
await plain.locator('a', { hasText: 'What moderators did' }).click();
ok(await plain.locator('.log > li').count() >= 4, 'the log has all of it');
await shoot(plain, 'log');

const log = await visit('/_moderate/?view=log', looks.phone);
is(await violations(log), [], 'axe finds nothing in the log');
is(await overflow(log), 0, 'nothing there is wider than the page');

is(errors, [], 'no script failed');
await browser.close();
done();
