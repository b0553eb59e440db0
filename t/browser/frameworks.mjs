/*
 * The widget in pages that scripts take over: template languages of Vue,
 * AngularJS and Alpine, hydration by React and Vue, pages swapped in by Turbo
 * and htmx.
 *   node frameworks.mjs http://127.0.0.1:PORT ID-OF-AN-OLD-COMMENT
 *
 * t/browser_frameworks.t has the pages.
 */

import { is, launch, ok, until, whole, done } from './lib.mjs';

const origin = process.argv[2];
const browser = await launch();
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, '
    + 'like Gecko) Chrome/128.0.0.0 Safari/537.36';

async function visit(path) {
    const context = await whole(
        await browser.newContext({ userAgent: AGENT }), origin);
    const page = await context.newPage();

    page.posts = [];
    page.networks = [];     // how shares arrive there: nothing answers
    page.on('request', r => {
        if (r.url().startsWith('https://bsky.app/')) {
            page.networks.push(r.resourceType());
        }
        if (r.method() === 'POST') {
            page.posts.push({ path: new URL(r.url()).pathname,
                              form: new URLSearchParams(r.postData()) });
        }
    });
    await page.goto(origin + path, { waitUntil: 'load' });

    return page;
}

const posted = (page, route) =>
    page.posts.filter(p => p.path === `/_social/${route}`);
const beacons = page => posted(page, 'views')
    .filter(p => !p.form.get('seen')).map(p => p.form.get('article'));
const sections = page => page.locator('[data-social]').count();

async function write(page, name, text) {
    const form = page.locator('form.sc-w');
    await form.locator('[name=name]').fill(name);
    await form.locator('[name=text]').fill(text);
    await form.locator('button').first().click();
}


/* template languages: what readers write is not run */

for (const what of ['vue2', 'vue3', 'angular', 'alpine']) {
    const path = `/posts/${what}/`;
    const first = await visit(path);
    const mark = n => `{{[].constructor.constructor("window.pwned=${n}")()}}`;

    await first.waitForFunction(() => window.ran);
    await write(first, mark(1), `Text, ${what} ${mark(2)}\n\n\`${mark(3)}\`\n\n`
        + '<b x-data x-init="window.pwned=4" v-html="window.pwned=5" '
        + 'ng-init="constructor.constructor(\'window.pwned=6\')()">b</b>');
    await first.locator('.sc-n').waitFor();
    is(await first.evaluate(() => window.pwned), undefined,
       `${what}: a comment just written is not run`);
    await first.context().close();

    const page = await visit(path);
    await page.waitForFunction(() => window.ran);
    ok(await page.evaluate(() => window.ran === 1),
       `${what}: the page's own expressions are run`);
    is(await page.evaluate(() => window.pwned), undefined,
       `${what}: expressions in a stored comment are not run`);
    ok((await page.textContent('.sc-d')).includes(mark(2))
       && (await page.textContent('.sc-h b')).includes(mark(1)),
       `${what}: they are shown as typed`);
    is(await sections(page), 1, `${what}: the page has one widget`);
    await until(() => beacons(page).length, page);
    is(beacons(page), [path], `${what}: one beacon`);

    await page.locator('.sc-r summary').first().click();
    const reply = page.locator('form.sc-r').first();
    await until(() => reply.locator('[name=name]').evaluate(
        el => el === document.activeElement), page);
    ok(await reply.locator('[name=name]').evaluate(
        el => el === document.activeElement),
       `${what}: the widget's script works`);
    await page.context().close();
}


/* hydration: React and Vue make the root anew, or take out what is not theirs;
 * each before and after the widget's own script */

for (const what of ['react18', 'react19', 'hydrate-vue3']) {
    for (const when of ['head', 'end']) {
        const path = `/posts/${what}-${when}/`;
        const page = await visit(path);
        await page.waitForFunction(() => window.hydrated);
        await until(async () => await sections(page)
            && !await page.locator('#app [data-social]').count(), page);

        is(await sections(page), 1, `${what}, ${when}: the widget is there`);
        is(await page.evaluate(() => document.querySelector('#app')
            .nextElementSibling?.getAttribute('data-social')), path,
           `${what}, ${when}: it is behind the root`);
        await page.locator('#app button').click();
        await page.waitForFunction(() => document.querySelector('#app button')
            .textContent === 'clicked 1');
        await until(() => beacons(page).length, page);
        is(beacons(page), [path], `${what}, ${when}: one beacon`);
        await write(page, 'Ann', 'After hydration');
        await page.locator('.sc-n').waitFor();
        is(posted(page, 'comments').length, 1,
           `${what}, ${when}: its form works`);

        await page.evaluate(() => { history.pushState({}, '', '/other/');
            document.querySelector('#app').append('x'); });
        await page.locator('[data-social]').waitFor({ state: 'hidden' });
        await page.evaluate(p => { history.pushState({}, '', p);
            document.querySelector('#app').append('x'); }, path);
        await page.locator('[data-social]').waitFor();
        ok(true, `${what}, ${when}: it is shown only at its article`);
        await page.context().close();
    }
}


/* pages that are swapped in */

for (const what of ['turbo', 'htmx']) {
    const page = await visit(`/${what}.html`);
    const title = name => page.waitForFunction(
        t => document.querySelector('h1').textContent === t, name);

    await page.evaluate(() => { window.stays = 1; });
    await page.locator(`a[href="/posts/${what}-one/"]`).click();
    await title(`${what}-one`);
    await until(() => beacons(page).length === 1, page);
    await page.locator(`a[href="/posts/${what}-two/"]`).click();
    await title(`${what}-two`);
    await until(() => beacons(page).length === 2, page);
    await page.locator(`a[href="/posts/${what}-one/"]`).click();
    await title(`${what}-one`);
    await until(() => beacons(page).length === 3, page);

    is(await page.evaluate(() => window.stays), 1,
       `${what}: pages are swapped in`);
    is(beacons(page), ['one', 'two', 'one'].map(n => `/posts/${what}-${n}/`),
       `${what}: each section sends its own beacon, once`);
    is(await sections(page), 1, `${what}: the page has one widget`);

    await write(page, 'Ann', 'Once');
    await page.locator('.sc-n').nth(1).waitFor();
    is(posted(page, 'comments').length, 1, `${what}: a comment is sent once`);

    const like = page.locator('form[action$=reactions] button');
    await like.evaluate(el => { el.click(); el.click(); });
    await until(() => like.getAttribute('aria-pressed'), page);
    is([posted(page, 'reactions').length,
        await like.getAttribute('aria-pressed')], [1, 'true'],
       `${what}: a double click likes once`);

    await page.locator('.sc-y').first().evaluate(
        el => { el.click(); el.click(); });
    await page.locator('.sc-c > .sc-m').waitFor();
    is(page.posts.filter(p => /report$/.test(p.path)).length, 1,
       `${what}: a double click reports once`);

    await page.locator('button[value=bluesky]').evaluate(
        el => { el.click(); el.click(); });
    await until(() => page.networks.length, page);
    is([page.networks, posted(page, 'share').length], [['document'], 1],
       `${what}: a share leads to the network, and is sent once`);
    await page.context().close();
}


/* the script, included twice */

{
    const page = await visit('/posts/twice/');
    await until(() => beacons(page).length, page);
    await write(page, 'Ann', 'Once');
    await page.locator('.sc-n').waitFor();
    is([beacons(page).length, posted(page, 'comments').length], [1, 1],
       'a script included twice does everything once');
    await page.context().close();
}

/* a permalink to a comment that is on an older page by now */

{
    const page = await visit(`/posts/long/#${process.argv[3]}`);
    await page.waitForURL(/thread/);
    is([page.url(), await page.locator(`#${process.argv[3]}`).count()],
       [`${origin}/_social/thread?article=%2Fposts%2Flong%2F&page=2#`
        + process.argv[3], 1], 'a permalink leads to an older comment');

    /* one that has been somewhere, before its comment was imported */
    const old = `commento-${process.argv[4]}`;
    await page.goto(`${origin}/posts/moved/#${old}`);
    await page.waitForURL(/thread/);
    is([page.url(), await page.locator(`#${old}`).count()],
       [`${origin}/_social/thread?article=%2Fposts%2Fmoved%2F&page=2#${old}`,
        1], '... and an old one to an imported comment');

    await page.goto(`${origin}/posts/long/#comment-none`);
    await until(() => page.evaluate(() => document.scWidget), page);
    ok(page.url().endsWith('/posts/long/#comment-none'),
       'one to no comment stays at the article');
    await page.context().close();
}

await browser.close();
done();
