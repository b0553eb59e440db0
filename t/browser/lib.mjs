/*
 * A small page server, a browser, and TAP output.
 */

import { createServer } from 'node:http';
import { chromium, read, axe } from './mock.mjs';

let n = 0, failed = 0;

/* a browser that hangs is a failure */
const MINUTES = process.env.BROWSER_MINUTES ?? 8;

/* how long one step may take: a machine busy with other tests is no failure */
const STEP = 120000;

setTimeout(() => {
    console.log(`Bail out! no end after ${MINUTES} minutes`);
    process.exit(1);
}, MINUTES * 60000).unref();

export function ok(good, name, why) {
    n++;
    console.log(`${good ? 'ok' : 'not ok'} ${n} - ${name}`);

    if (!good) {
        failed++;
        console.log(String(why ?? '').replace(/^/gm, '#   '));
    }
}

export function is(got, expected, name) {
    const a = JSON.stringify(got), b = JSON.stringify(expected);
    ok(a === b, name, `got ${a}\nexpected ${b}`);
}

export function done() {
    console.log(`1..${n}`);
    process.exitCode = failed ? 1 : 0;
}


function start() {
    return chromium.launch({
        executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
        timeout: STEP,
        args: ['--headless', '--no-sandbox', '--disable-gpu',
               '--disable-quic', '--no-first-run', '--disable-sync',
               '--disable-background-networking',
               '--disable-component-update']
    });
}

/* a browser that did not start says why, and is started once more */
export async function launch() {
    const browser = await start().catch(error => {
        console.error(`# Chromium: ${error}`);
        return start();
    });

    const newContext = browser.newContext.bind(browser);

    browser.newContext = async options => {
        const context = await newContext(options);
        context.setDefaultTimeout(STEP);
        return context;
    };

    return browser;
}


/*
 * pages: path -> HTML, or a function of the request.  POSTs are kept in
 * `posts`; answer(post) gives [status, headers, body].
 */

export async function serve(pages, answer, headers = {}) {
    const posts = [];

    const server = createServer((req, res) => {
        const path = req.url.split('?')[0];
        const asset = path.replace(/^\/_social\//, '');
        let body = '';

        req.on('data', part => { body += part; });
        req.on('end', () => {
            if (req.method === 'POST') {
                const post = { path, body, accept: req.headers.accept,
                               type: req.headers['content-type'],
                               form: Object.fromEntries(
                                   new URLSearchParams(body)) };
                posts.push(post);
                const [status, more, text] = answer(post);
                res.writeHead(status, more);
                res.end(text);
                return;
            }

            if (/^(widget|counts|page|status)\.(css|js)$/.test(asset)) {
                res.writeHead(200, { 'content-type': asset.endsWith('css')
                    ? 'text/css' : 'text/javascript' });
                res.end(read(asset));
                return;
            }

            const page = path === '/favicon.ico' ? '' : pages[path];

            if (page === undefined) {
                res.writeHead(404);
                res.end();
                return;
            }

            if (Array.isArray(page)) {
                res.writeHead(200, { 'content-type': page[0] });
                res.end(page[1]);
                return;
            }

            res.writeHead(200, { 'content-type': 'text/html; charset=utf-8',
                                 ...headers[path] });
            res.end(page);
        });
    });

    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));

    return { posts, close: () => server.close(),
             base: `http://127.0.0.1:${server.address().port}` };
}


/* what axe finds, one line each */
export async function violations(page) {
    await page.evaluate(axe);
    const found = await page.evaluate(() => axe.run());
    return found.violations.map(v => `${v.id}: `
        + v.nodes.slice(0, 3).map(x => x.target).join(', '));
}

export const overflow = page => page.evaluate(
    () => document.documentElement.scrollWidth - innerWidth);

/*
 * Makes a context ask the server again for an article whose widget came too
 * late, as it may on a busy machine: the page has the last one then, or a link,
 * and must not be stored.  A test would wait for what never comes.
 */
const late = async response => !/\/_\w+\//.test(response.url())
    && response.headers()['cache-control'] === 'no-store'
    && /<section data-social=/.test(await response.text());

async function page_with_widget(route) {
    const request = route.request();
    let response;

    if (request.method() !== 'GET'
        || !['document', 'fetch', 'xhr'].includes(request.resourceType()))
    {
        return route.fallback();
    }

    for (const end = Date.now() + STEP; Date.now() < end; ) {
        response = await route.fetch({ maxRedirects: 0 });

        if (!await late(response)) {
            break;
        }
    }

    return route.fulfill({ response });
}

export async function whole(context, origin) {
    /* a page that is closed meanwhile needs no answer */
    await context.route(`${origin}/**`,
        route => page_with_widget(route).catch(() => null));

    return context;
}

/* waits for a condition instead of sleeping */
export async function until(what, page) {
    for (const end = Date.now() + STEP; Date.now() < end; ) {
        const value = await what();
        if (value) {
            return value;
        }
        await page.waitForTimeout(25);
    }
    return null;
}


export const host = (widget, { lang = 'en', dir = 'ltr', css = '' } = {}) =>
    `<!DOCTYPE html><html lang="${lang}" dir="${dir}"><head>`
    + '<meta charset="utf-8"><meta name="viewport" '
    + 'content="width=device-width, initial-scale=1"><title>Listening</title>'
    + '<link rel="canonical" href="https://blog.example/posts/listening/">'
    + (css ? '<link rel="stylesheet" href="/host.css">' : '')
    + '</head><body><main><article><h1>Listening</h1><p>An article.</p>'
    + `${widget}</article></main></body></html>`;


/* themes that the widget must work in */
export const themes = {
    plain: '',
    light: 'body{font:18px/1.6 Georgia,serif;color:#222;background:#fffdf8;'
        + 'margin:0}main{max-width:40em;margin:0 auto;padding:1em}'
        + 'a{color:#0b5cad}',
    dark: 'body{font:17px/1.6 sans-serif;color:#ddd;background:#16181d;'
        + 'margin:0}main{max-width:44em;margin:0 auto;padding:1em}'
        + 'a{color:#8ab4f8}',
    hostile: '*{margin:0;padding:0;box-sizing:content-box}main{padding:1em}'
        + 'button,input,textarea{background:#06c;color:#fff;width:100%;'
        + 'text-transform:uppercase;border:3px solid red;font:bold 20px '
        + 'monospace}ol,ul{list-style:upper-roman;margin-left:4em}li{'
        + 'padding:1em}label{float:left;width:30%}section{border:2px dashed '
        + 'purple}summary{background:yellow;font-size:2em}form{background:'
        + '#eee;padding:2em}article p{text-indent:2em}'
};
