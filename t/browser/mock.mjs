/*
 * Template data as the module provides it, and a renderer: what the browser
 * tests show without a server.
 */

import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
export const assets = join(here, '../../src/assets');

/* npm packages: beside the tests, at the top of the tree, or in NODE_MODULES */
const require = createRequire(process.env.NODE_MODULES
    ? join(process.env.NODE_MODULES, 'x.js') : import.meta.url);
const mustache = require('mustache');

export const { chromium } = require('playwright-core');
export const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');


export function read(name) {
    return readFileSync(join(assets, name), 'utf8');
}

export function strings(lang) {
    return JSON.parse(read(`lang/${lang}.json`));
}

export const languages = readdirSync(join(assets, 'lang'))
    .filter(n => n.endsWith('.json')).map(n => n.slice(0, -5));

const partials = Object.fromEntries(readdirSync(assets)
    .filter(n => n.endsWith('.mustache'))
    .map(n => [n.slice(0, -9), read(n)]));

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;',
                  "'": '&#39;' };

/* ASCII only, like the module's own renderer */
export function render(name, doc) {
    return mustache.render(partials[name], doc, partials,
        { escape: v => String(v).replace(/[&<>"']/g, c => escapes[c]) })
        .replace(/[\u0080-\u{10ffff}]/gu, c => `&#${c.codePointAt(0)};`);
}


const networks = [
    ['mastodon', 'Mastodon', 'instance'], ['bluesky', 'Bluesky', 'form'],
    ['facebook', 'Facebook', 'form'], ['linkedin', 'LinkedIn', 'form'],
    ['reddit', 'Reddit', 'form'], ['x', 'X', 'form'],
    ['whatsapp', 'WhatsApp', 'form'], ['email', 'E-mail', 'form'],
    ['copy', 'Copy link', 'copy'], ['native', 'Share', 'native']
].map(([id, label, kind]) => ({
    id, label, instance: kind === 'instance', copy: kind === 'copy',
    native: kind === 'native', form: kind === 'form'
}));


export function node(id, name, html, more = {}) {
    const replies = more.replies || [];
    return { id: `c${id}`, name, website: '', author: false,
             time: '2026-11-20T09:14:00Z',
             time_text: '20 November 2026, 09:14 UTC',
             edited: false, html, deleted: false, in_reply_to: false,
             has_replies: replies.length > 0, replies, ...more };
}


export const thread = [
    node(11, 'Ada Lind', '<p>The part about <em>listening before posting</em> '
        + 'is what our team missed. We published every week for a year and '
        + 'never once asked a reader anything.</p><p>How did you find the '
        + 'time to answer everybody?</p>', { website: 'https://ada.example/',
        replies: [
            node(12, 'Jo Harmsen', '<p>Half an hour each morning, before '
                + 'anything else. Most days it takes ten minutes.</p>'
                + '<blockquote><p>never once asked a reader anything</p>'
                + '</blockquote><p>Ask at the end of the next one.</p>',
                { author: true, replies: [
                    node(13, 'Ada Lind', '<p>Did that. Eleven answers.</p>',
                        { edited: true, replies: [
                            node(14, 'Per', '<p>Twelve.</p>', { replies: [] }),
                            node(15, 'Ada Lind', '<p>Ha.</p>',
                                { in_reply_to: { id: 'c14', name: 'Per' } })
                        ] })
                ] }),
            node(16, '', '', { deleted: true, replies: [
                node(17, 'M\u00e9lanie', '<p>What did it say?</p>',
                    { in_reply_to: { id: 'c16', name: '' } })
            ] })
        ] }),
    node(18, 'x'.repeat(60), '<pre tabindex="0"><code>curl -s https://blog.example/_social/'
        + 'counts?article=/posts/listening/ | jq .counts | tee a-very-long-'
        + 'file-name-without-any-space.json</code></pre><ul><li>one</li><li>'
        + 'two</li></ul><p>https://blog.example/' + 'y'.repeat(120) + '</p>')
];


/* the plural forms of a language, as the module's renderer has them */
export const forms = t => ['zero', 'one', 'two', 'few', 'many', 'other']
    .map(form => ({ form, text: t[`comments_${form}`] }))
    .filter(({ text }) => text);


export function widget(lang = 'en', more = {}) {
    const t = strings(lang);
    return {
        key: '/posts/listening/', lang: t.lang, dir: t.dir,
        prefix: '/_social/', css: '/_social/widget.css?v=1',
        js: '/_social/widget.js?v=1', page_css: '/_social/page.css?v=1',
        page_js: '/_social/page.js?v=1', token: '2945.c2FtcGxlLXRva2Vu', t,
        share: { networks, url: 'https://blog.example/posts/listening/' },
        comments: { open: true, closed: false, total: 8, none: false,
                    count_text: t[`comments_${new Intl.PluralRules(lang)
                        .select(8)}`].replace('{n}', '8'),
                    forms: forms(t), list: thread, older: null },
        via_link: false, privacy: 'https://blog.example/privacy/',
        reactions: { n: 12 }, beacon: true, ...more
    };
}
