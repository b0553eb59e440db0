/*
 * The widget in themes as blogs have them, t/browser/themes/*.html: it must
 * look made for each.
 *   node themes.mjs [THEME ...]
 *
 * With SCREENSHOTS=DIR, pictures of all are kept there.
 */

import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { is, launch, ok, overflow, serve, until, done } from './lib.mjs';
import { axe, languages, render, widget } from './mock.mjs';

const folder = fileURLToPath(new URL('themes', import.meta.url));
const require = createRequire(process.env.NODE_MODULES
    ? join(process.env.NODE_MODULES, 'x.js') : import.meta.url);
const script = name => ['text/javascript',
                        readFileSync(require.resolve(name), 'utf8')];

const all = readdirSync(folder).map(name => name.replace('.html', ''));
const names = process.argv.length > 2 ? process.argv.slice(2) : all;
const pages = { '/turbo.js': script('@hotwired/turbo/dist/turbo.es2017-umd.js'),
                '/htmx.js': script('htmx.org/dist/htmx.min.js') };

/* what the English ones show */
const post = `<h1>Listening before posting</h1>
<p>For a year we published every week. Nobody answered, and nobody had been
asked. Then we began each post with a question, and stayed for the answers.</p>
<h2>What changed</h2>
<p>Half an hour each morning, before anything else. <a href="#top">Most days</a>
it takes ten minutes.</p>
<!-- widget -->`;

for (const name of all) {
    const html = readFileSync(join(folder, `${name}.html`), 'utf8')
        .replace('<!-- post -->', post);
    const lang = /<html lang="(\w+)/.exec(html)[1];
    const page = html.replace('<!-- widget -->', () => render('widget',
        widget(languages.includes(lang) ? lang : 'en')));

    pages[`/${name}`] = page;
    pages[`/${name}-two`] = page.replace(/<h1>[^<]*/, '<h1>The next post');
}

const server = await serve(pages, () => [204, {}, '']);
const browser = await launch();


async function open(name, options = {}) {
    const context = await browser.newContext({
        viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();

    await page.addInitScript(() => {
        window.shift = 0;
        new PerformanceObserver(list => list.getEntries()
            .forEach(e => { window.shift += e.value; }))
            .observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(`${server.base}/${name}`);
    await page.waitForFunction(() => document.querySelector('time[title]'));
    await page.evaluate(() => new Promise(resolve =>
        requestAnimationFrame(() => requestAnimationFrame(resolve))));

    return page;
}

/* how much may move: a theme that gives every section a colour and a padding
 * has painted ours, still empty, when the style sheet in it arrives */
const still = name => name === 'framework' ? 0.05 : 0.01;

const picture = async (page, name) => {
    if (process.env.SCREENSHOTS) {
        await page.screenshot({ fullPage: true,
            path: join(process.env.SCREENSHOTS, `${name}.png`) });
    }
};

const unfold = page => page.evaluate(() => document
    .querySelectorAll('[data-social] details')
    .forEach(el => { el.open = true; }));

/* what is shown of the widget, and satisfies a condition on el, box and style,
 * which the page computes */
const shown = (page, what, test) => page.evaluate(`
    [...document.querySelectorAll(${JSON.stringify(
        what.replace(/(^|, )/g, '$1[data-social] '))})]
        .filter(el => el.checkVisibility({ visibilityProperty: true })
            && !el.closest('.sc-v'))
        .filter(el => {
            const box = el.getBoundingClientRect(),
                style = getComputedStyle(el);
            return ${test};
        })
        .map(el => el.outerHTML.slice(0, 80)).slice(0, 20)`);

const controls = 'button, summary, input:not([type=hidden]), textarea';


/* colours, of which axe must be sure */
async function legible(page, what) {
    await page.evaluate(axe);

    const found = await page.evaluate(async () => {
        const { violations, incomplete } = await axe.run();
        const say = ({ id, nodes }) => nodes.map(n => `${id}: ${n.html} `
            + n.any.map(c => c.data && c.data.messageKey));

        const ours = incomplete.filter(r => r.id === 'color-contrast')
            .map(r => ({ ...r, nodes: r.nodes.filter(n => document
                .querySelector(n.target[0]).closest('[data-social]')) }));

        return [violations, ours].map(list => list.flatMap(say));
    });

    /* what axe cannot judge: a heading's ornament, code that scrolls, "X",
     * boxes that touch */
    is([found[0], found[1].filter(said => !/pseudo|<code>|shortText|Partially/
        .test(said))], [[], []], `axe finds nothing: ${what}`);
}


/* with Tab alone, through all of it, in the order of the page */
async function focused(page, name) {
    await page.locator('[data-social] summary').first().focus();

    const walk = [];

    for (let i = 0; i < 60; i++) {
        await page.keyboard.press(i ? 'Tab' : 'Shift+Tab');

        if (!i) {
            await page.keyboard.press('Tab');
        }

        const step = await page.evaluate(() => {
            const el = document.activeElement;
            const { outlineStyle, outlineWidth } = getComputedStyle(el);

            return el.closest('[data-social]') && {
                html: el.outerHTML.slice(0, 80),
                place: [...document.querySelectorAll('*')].indexOf(el),
                seen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2
            };
        });

        if (!step) {
            break;
        }

        walk.push(step);
    }

    is(walk.filter(step => !step.seen).map(step => step.html), [],
       `${name}: focus is seen`);
    ok(walk.length > 15 && walk.every((step, i) => !i
        || step.place > walk[i - 1].place),
       `${name}: focus moves in the order of the page`, walk.length);
}


/* fonts and colours are the article's */
async function native(page, name) {
    is(await page.evaluate(() => {
        const article = getComputedStyle(
            document.querySelector('[data-social]').parentNode);
        const differ = (selector, what) => [...document.querySelectorAll(
            selector)].filter(el => getComputedStyle(el)[what]
                !== article[what]).map(el => el.outerHTML.slice(0, 60));

        return [differ('[data-social] :is(label, button, input:not([type='
            + 'hidden]), textarea, .sc-h, li)', 'fontFamily'),
                differ('[data-social] :is(label, input:not([type=hidden]), '
            + 'textarea, .sc-d, .sc-b)', 'color')];
    }), [[], []], `${name}: fonts and colours are inherited`);
}


async function desktop(name) {
    const page = await open(name);

    ok(await page.evaluate(() => window.shift) < still(name),
       `${name}: nothing moves`, await page.evaluate(() => window.shift));
    await picture(page, `${name}-desktop`);
    await native(page, name);
    await focused(page, name);
    await unfold(page);
    await legible(page, `${name}, desktop`);
    is(await shown(page, controls, 'box.width < 24 || box.height < 24'), [],
       `${name}: controls are large enough`);
    is(await shown(page, `${controls}, a`, 'style.textTransform !== "none"'),
       [], `${name}: nothing is shouted`);
    is(await shown(page, 'input:not([type=hidden]), textarea',
                   'parseFloat(style.fontSize) < 16'), [],
       `${name}: phones do not zoom into a field`);

    await page.emulateMedia({ media: 'print' });
    is(await shown(page, controls, 'true'), [], `${name}: no form is printed`);
    is((await shown(page, '.sc-d', 'box.height > 0')).length,
       await page.locator('.sc-d').count(), `${name}: comments are`);
    await page.context().close();
}


async function phone(name) {
    const page = await open(name, { viewport: { width: 320, height: 640 },
        reducedMotion: 'reduce', hasTouch: true });

    ok(await page.evaluate(() => window.shift) < still(name),
       `${name}: nothing moves on a phone`,
       await page.evaluate(() => window.shift));
    await picture(page, `${name}-phone`);
    await unfold(page);
    ok(await overflow(page) <= 0, `${name}: nothing overflows 320 pixels`,
       await shown(page, '*', 'box.right > innerWidth || box.left < 0'));
    await legible(page, `${name}, phone`);
    is(await shown(page, '*', 'parseFloat(style.transitionDuration) > 0 '
                   + '|| style.animationName !== "none"'), [],
       `${name}: nothing moves for who wants no motion`);

    await page.setViewportSize({ width: 640, height: 640 });
    await page.evaluate(() => {
        document.documentElement.style.fontSize = '200%';
    });
    ok(await overflow(page) <= 0, `${name}: nor text twice as large`,
       await shown(page, '*', 'box.right > innerWidth || box.left < 0'));
    await page.context().close();
}


/* what only some themes have */

async function both() {
    const page = await open('both', { colorScheme: 'dark' });

    await unfold(page);
    await picture(page, 'both-night');
    await native(page, 'both, at night');
    await legible(page, 'both, at night');
    ok(/2026 at \d|2026, \d/.test(await page.textContent('time'))
       && /^\d+ November/.test(await page.textContent('time')),
       'dates are as the page\'s region writes them',
       await page.textContent('time'));
    await page.context().close();
}

async function rtl() {
    const page = await open('rtl');
    const sides = await page.locator('.sc-l .sc-l').first().evaluate(el => {
        const { borderRightWidth, borderLeftWidth, paddingRight,
                paddingLeft } = getComputedStyle(el);
        return [borderRightWidth, borderLeftWidth, paddingRight !== '0px',
                paddingLeft];
    });

    is(sides, ['1px', '0px', true, '0px'], 'right to left: threads mirror');
    ok(await page.locator('#comment-c11 > .sc-c > .sc-r > details')
        .evaluate(el => el.getBoundingClientRect().right
            > el.parentNode.querySelector('.sc-y').getBoundingClientRect()
                .right), '... and so do buttons');
    await page.context().close();
}

async function swapped(name) {
    const page = await open(name);

    await page.evaluate(() => { window.stays = 1; });
    await page.click('a[href$=-two]');
    await page.waitForFunction(() => document.querySelector('h1').textContent
        === 'The next post');
    await until(() => page.evaluate(() => document.querySelector(
        'time').title), page);
    is(await page.evaluate(() => [window.stays, document.querySelectorAll(
        '[data-social]').length, !!document.querySelector('time').title]),
       [1, 1, true], `${name}: a page that is swapped in has its widget`);
    await picture(page, `${name}-swapped`);
    await page.context().close();
}

async function framework() {
    const page = await open('framework', { forcedColors: 'active' });

    is(await shown(page, '.sc-b, input:not([type=hidden]), textarea',
                   'style.borderTopStyle === "none"'), [],
       'with colours of the reader\'s own, controls keep their border');
    await page.context().close();
}

const more = { both, framework, htmx: swapped, rtl, turbo: swapped };

for (const name of names) {
    await desktop(name);
    await phone(name);
    await (more[name] || (() => {}))(name);
}

await browser.close();
server.close();
done();
