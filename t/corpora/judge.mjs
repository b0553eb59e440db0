/*
 * Says for each page whether the scanner was right.  Reads lines of `places` on
 * standard input, writes a line for each page on standard output, with fields
 * separated by tabs:
 *
 *   file, verdict, why, gumbo, place, charset
 *
 *   verdict  inserted, alone (no widget, with a reason in why), or WRONG
 *   why      where the widget is (article, main, body), or why there is none
 *   gumbo    same, none, or why gumbo may see another place
 *
 * The judge is parse5, which follows the HTML standard and knows where in the
 * source each element begins and ends.  It answers two questions.  Where does
 * the chosen element end?  And with a widget at the scanner's place: is the
 * page unchanged except for one <section>, which is the last child of the
 * chosen element, and is a form in it still a form?
 *
 * Each byte above 0x7f becomes one character of a private area: offsets remain
 * byte offsets, and no character reference can yield one of these characters.
 */

import { defaultTreeAdapter, html, parse } from 'parse5';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';


const PRIVATE = 0xf700;
const DEPTH = 500;
const { NS } = html;

/* size of each field in social_html_meta_t; an exact value that does not fit
 * is dropped, the others are cut */

const ROOM = {
    title: 256, canonical: 512, og_title: 256, og_url: 512, og_image: 512,
    published: 40, lang: 36, charset: 32,
};
const CUT = new Set(['title', 'og_title']);
const RAW_ROOM = 1024;

const SAYING = new Set(['html', 'title', 'link', 'meta', 'time']);

const PROPERTIES = {
    'og:title': 'og_title', 'og:url': 'og_url', 'og:image': 'og_image',
    'article:published_time': 'published',
};

/* elements in which a widget would be moved, hidden or lost */

const FORMATTING = new Set(('a b big code em font i nobr s small strike strong '
    + 'tt u').split(' '));

const BAD = new Set(('applet button caption colgroup marquee object select '
    + 'table tbody td template tfoot th thead tr').split(' '));


/* Cases that only a real tree can decide: end tags inside SVG and MathML
 * that close nothing there, unclosed headings and items; and a <select>
 * whose contents old and new browsers treat differently. */

const KNOT = /<(svg|math|h[1-6]|li|d[dt]|dialog|search|select)\b/i;


/*
 * Elements without tags have no position in the source.  A <body> whose tag is
 * left out gets the position -1, so that the parser reports its end, too.
 * Lines and columns are not recorded: that takes longer than parsing.
 */

const NOWHERE = { startOffset: -1, endOffset: -1, endTag: undefined };

const adapter = {
    ...defaultTreeAdapter,

    getNodeSourceCodeLocation(node) {
        if (node.tagName === 'body') {
            node.sourceCodeLocation ??= { ...NOWHERE };
        }

        return node.sourceCodeLocation;
    },

    updateNodeSourceCodeLocation(node, end) {
        node.sourceCodeLocation.endOffset = end.endOffset;
        node.sourceCodeLocation.endTag = end.endTag;
        node.sourceCodeLocation.closed = true;
    },
};


function tree(text, errors) {
    return parse(text, {
        sourceCodeLocationInfo: true, scriptingEnabled: true,
        treeAdapter: adapter, onParseError: errors ?? null,
    });
}


function read(path) {
    return readFileSync(path).latin1Slice().replace(/[\x80-\xff]/g,
        c => String.fromCharCode(PRIVATE + c.charCodeAt(0)));
}


function where(node) {
    return node.sourceCodeLocation ?? NOWHERE;
}


function isElement(node) {
    return node.tagName !== undefined;
}


function isBlank(node) {
    return node.nodeName === '#comment' || node.nodeName === '#documentType'
        || (node.nodeName === '#text' && !/[^\t\n\f\r ]/.test(node.value));
}


/* every node below a root in order, except the contents of templates */

function nodes(root) {
    const list = [];
    const rest = [root];

    while (rest.length) {
        const node = rest.pop();
        const children = node.childNodes;

        list.push(node);

        for (let i = (children?.length ?? 0) - 1; i >= 0; i--) {
            rest.push(children[i]);
        }
    }

    return list;
}


/* elements inside SVG or MathML do not count */

function isInForeign(node) {
    for (let up = node.parentNode; up; up = up.parentNode) {
        if (isForeign(up)) {
            return true;
        }
    }

    return false;
}


function isForeign(node) {
    return isElement(node) && node.namespaceURI !== NS.HTML;
}


function isInside(node, names) {
    for (let up = node.parentNode; up; up = up.parentNode) {
        if (up.namespaceURI === NS.HTML && names.test(up.tagName)) {
            return true;
        }
    }

    return false;
}


/* where the widget goes if it cannot go to the end of an element */

function outward(node, body) {
    for (let up = node.parentNode; up && node.tagName === 'article';
         up = up.parentNode)
    {
        if (up.tagName === 'main' && !isForeign(up)
            && !isInside(up, /^(a|button)$/))
        {
            return up;
        }
    }

    return body;
}


/* the element that gets the widget: the first one in the source counts */

function choose(all) {
    const first = {};
    let frames = false, skipped = false;

    for (const node of all) {
        const name = node.tagName;

        if (name === 'frameset') {
            frames = true;
        }

        if (name !== 'article' && name !== 'main' && name !== 'body') {
            continue;
        }

        const start = where(node).startOffset;

        if (name !== 'body' && isInside(node, /^(a|button|form)$/)) {
            skipped = true;
            continue;
        }

        if (node.namespaceURI === NS.HTML && !isInForeign(node)
            && (!first[name]
                || start < where(first[name]).startOffset))
        {
            first[name] = node;
        }
    }

    return { frames, skipped, body: first.body,
             chosen: first.article ?? first.main ?? first.body };
}


/* where an element ends: at its own end tag, or at the tag that closed it */

function endOf(node, size) {
    const loc = where(node);
    const end = loc.endTag ? loc.endTag.startOffset : loc.endOffset;

    return !loc.closed || (end >= size && !loc.endTag) ? null : end;
}


function isSelfClosed(text, loc) {
    return loc.endOffset === loc.startTag.endOffset
           && text.slice(0, loc.endOffset).endsWith('/>');
}


/* an element that is open at an offset and would spoil a widget there */

function badAt(text, root, offset) {
    for (const node of nodes(root)) {
        const loc = where(node);

        if (node === root || !isElement(node) || loc.startOffset < 0
            || loc.startOffset >= offset)
        {
            continue;
        }

        /* a template is closed only by its end tag or the end of the page */

        const end = loc.endTag?.startOffset
            ?? (node.tagName === 'template' ? Infinity : loc.endOffset);

        if (end < offset) {
            continue;
        }

        if (isForeign(node)) {
            if (isSelfClosed(text, loc)) {
                continue;
            }

            return 'in SVG or MathML';
        }

        if (BAD.has(node.tagName)) {
            return `in <${node.tagName}>`;
        }
    }

    return null;
}


function depthOf(doc) {
    let most = 0;
    const rest = [[doc, 0]];

    while (rest.length) {
        const [node, depth] = rest.pop();

        most = Math.max(most, depth);
        node.childNodes?.forEach(child => rest.push([child, depth + 1]));
    }

    return most;
}


/* does the page end in the middle of a tag, a comment or a script? */

function endsInside(text) {
    let inside = /<[!?/]?-?$/.test(text);

    const doc = tree(text, error => {
        inside ||= error.code.startsWith('eof-');
    });

    for (const node of nodes(doc)) {
        if (/^(iframe|noembed|noframes|noscript|plaintext|script|style|textarea|title|xmp)$/
            .test(node.tagName) && where(node).startOffset >= 0
            && endOf(node, text.length) === null)
        {
            inside = true;
        }
    }

    return inside;
}


/* is there anything but white space and comments behind </body>? */

function isReopened(body, end) {
    for (const node of nodes(body)) {
        const loc = where(node);

        if (node !== body && !isBlank(node) && loc
            && (loc.startOffset >= end
                || (node.nodeName === '#text' && loc.endOffset > end)))
        {
            return true;
        }
    }

    return false;
}


/* a fragment has no doctype, <html>, <head> or <body> */

function isFragment(all, kind) {
    return kind === 'body' && !all.some(node =>
        node.nodeName === '#documentType'
        || (/^(html|head|body)$/.test(node.tagName)
            && where(node).startOffset >= 0));
}


/*
 * { place }    the widget goes there
 * { open }     the widget goes to the end of the page; tried() checks where
 * { reason }   there is no place
 */

function placeOf(whole, text, doc, elements) {
    const { frames, body, chosen } = elements;
    const size = text.length;

    if (/^(\uf7ff\uf7fe|\uf7fe\uf7ff)/.test(whole)) {
        return { reason: 'UTF-16' };
    }

    if (/^(\uf7ef\uf7bb\uf7bf)?[\t\n\f\r ]*[{[]/.test(whole)) {
        return { reason: 'JSON' };
    }

    if (frames) {
        return { reason: 'frames' };
    }

    const kind = chosen.tagName;
    let end = kind === 'body' ? null : endOf(chosen, size);

    if (end !== null) {
        const bad = badAt(text, chosen, end);

        if (!bad && isTorn(text, chosen, end)) {
            elements.chosen = outward(chosen, body);
            elements.skipped = true;
            return placeOf(whole, text, doc, elements);
        }

        return bad ? { reason: `the end lies ${bad}` } : { place: end, kind };
    }

    const fragment = !/<(!doctype|html|head|body)\b/i.test(text);

    end = endOf(body, size);

    if (fragment && (kind === 'body' || end === null)) {
        return { reason: 'a fragment' };
    }

    if (end === null) {
        const bad = badAt(text, chosen, size);

        if (bad) {
            return { reason: `open to the end: ${bad}` };
        }

        if (endsInside(text)) {
            return { reason: 'cut off' };
        }

        return isLinked(text, size) ? { reason: 'in a link' }
                                    : { open: true, kind, place: null };
    }

    const reopened = isReopened(body, end);
    const bad = badAt(text, chosen, reopened ? size : end);

    if (!bad && isLinked(text, reopened ? size : end)) {
        return { reason: 'in a link' };
    }

    return bad ? { reason: `the end lies ${bad}` }
               : { open: true, kind, place: reopened ? null : end };
}


/*
 * Not visible: white space behind </body>, and the <font> of its own that it
 * gets if one was left open in a <p> that the widget closes.
 */

function isNothing(node) {
    return isBlank(node) || (FORMATTING.has(node.tagName)
        && (node.childNodes ?? []).every(isNothing));
}


/* also not visible: the <b> of its own that a widget may get */

function isWrapper(node, seen) {
    if (!FORMATTING.has(node.tagName)) {
        return false;
    }

    const inner = { widgets: [] };
    const alone = node.childNodes.every(child => isNothing(child)
        || isWidget(child, inner) || isWrapper(child, inner));

    if (alone) {
        seen.widgets.push(...inner.widgets);
    }

    return alone;
}


function isWidget(node, seen) {
    if (node.attrs?.[0]?.name !== 'data-social') {
        return false;
    }

    seen.widgets.push(node);
    return true;
}


/* the contents of a node without white space, comments and widgets, and with
 * adjacent texts joined */

function contents(node, seen) {
    const list = [];
    const children = node.content?.childNodes ?? node.childNodes ?? [];

    for (const child of children) {
        if (isNothing(child) || isWidget(child, seen)
            || isWrapper(child, seen))
        {
            continue;
        }

        if (child.nodeName !== '#text') {
            list.push(child);

        } else {
            const text = child.value.replace(/[\t\n\f\r ]+/g, '');

            if (typeof list.at(-1) === 'string') {
                list.push(list.pop() + text);
            } else {
                list.push(text);
            }
        }
    }

    return list;
}


/* is the second page the first one plus a widget? */

function sameTree(was, is, seen) {
    const rest = [[was, is]];

    while (rest.length) {
        const [a, b] = rest.pop();
        const left = contents(a, { widgets: [] });
        const right = contents(b, seen);

        if (a === seen.chosen) {
            seen.found = b;
        }

        if (left.length !== right.length) {
            return false;
        }

        for (let i = 0; i < left.length; i++) {
            if (typeof left[i] === 'string' || typeof right[i] === 'string') {
                if (left[i] !== right[i]) {
                    return false;
                }

            } else {
                if (left[i].tagName !== right[i].tagName) {
                    return false;
                }

                rest.push([left[i], right[i]]);
            }
        }
    }

    return true;
}


function lastIn(chosen, widget) {
    for (let node = chosen; node?.childNodes; /* void */ ) {
        node = node.childNodes.findLast(child => !isNothing(child));

        if (node === widget) {
            return true;
        }
    }

    return false;
}


/* 1 if a link of the page is open at an offset */

function isLinked(text, at) {
    const widget = nodes(parse(text.slice(0, at)
        + '<section data-social="x"><p>x</p></section>'))
        .find(node => node.attrs?.[0]?.name === 'data-social');

    return !widget || isInside(widget, /^a$/)
        || nodes(widget).some(node => node.tagName === 'a');
}


/* null if a widget at this place is right, else what is wrong */

function tried(text, doc, chosen, place, inForm) {
    const widget = '<section data-social="x"><p>x</p>'
        + [...FORMATTING].filter(name => name !== 'a' && name !== 'nobr')
            .map(name => `<p><${name}>z</${name}></p>`).join('')
        + (inForm ? '' : '<form><p>y</form>') + '</section>';
    const seen = { chosen, found: null, widgets: [] };

    if (!sameTree(doc, parse(text.slice(0, place) + widget
                             + text.slice(place)), seen))
    {
        return 'the page changed';
    }

    if (seen.widgets.length !== 1) {
        return 'not one widget';
    }

    if (isLinked(text, place)) {
        return 'in a link';
    }

    if (!lastIn(seen.found, seen.widgets[0])) {
        return 'not the last child';
    }

    if (!inForm && !nodes(seen.widgets[0]).some(n => n.tagName === 'form')) {
        return 'its form is lost';
    }

    return null;
}


/* 1 if a widget at the end of an element would be torn, or would change what
 * follows; with a letter at the end of the page, something always follows */

function isTorn(text, chosen, end) {
    const page = `${text}z`;
    const doc = tree(page);
    const same = nodes(doc).find(node => node.tagName === chosen.tagName
        && where(node).startOffset === where(chosen).startOffset);

    return tried(page, doc, same, end, false) !== null;
}


/* a value as the scanner gives it: bytes, with white space folded */

function bytesOf(value) {
    return Buffer.concat([...value].map(c => {
        const code = c.codePointAt(0) - PRIVATE;

        return code >= 0x80 && code <= 0xff ? Buffer.from([code])
                                            : Buffer.from(c);
    })).latin1Slice().replace(/[\0-\x20\x7f]+/g, ' ').replace(/^ | $/g, '');
}


function charsetIn(content) {
    const m = /charset[\t\n\f\r ]*=[\t\n\f\r "']*([^\t\n\f\r ;"']*)/i
        .exec(content);

    return m ? m[1] : '';
}


/* title, canonical URL and so on, as far as they precede the place */

function sayings(all, chosen, place) {
    const found = {};
    const said = all.filter(node => SAYING.has(node.tagName)
        && node.namespaceURI === NS.HTML && !isInForeign(node)
        && where(node).startOffset < place);

    said.sort((a, b) => where(a).startOffset
                       - where(b).startOffset);

    const say = (name, value, only) => {
        if (value !== undefined && (found[name] ?? '') === '') {
            const bytes = bytesOf(value);

            found[name] = !only && bytes.length >= ROOM[name]
                          && !CUT.has(name) ? '' : bytes;
        }
    };

    let time;

    for (const node of said) {
        const at = Object.fromEntries(node.attrs.map(a => [a.name, a.value]));

        switch (node.tagName) {

        case 'html':
            say('lang', at.lang);
            break;

        case 'title':
            say('title', node.childNodes.map(t => t.value).join(''));
            break;

        case 'link':
            if (/(^|[\t\n\f\r ])canonical([\t\n\f\r ]|$)/i.test(at.rel)) {
                say('canonical', at.href);
            }
            break;

        case 'time':
            if (chosen.tagName === 'article' && !time
                && where(node).startOffset
                   > where(chosen).startOffset)
            {
                time = at.datetime;
            }
            break;

        case 'meta': {
            const name = [at.property, at.name]
                .map(p => PROPERTIES[p?.toLowerCase()]).find(p => p);

            if (name) {
                say(name, at.content);
            }

            if (at.charset) {
                say('charset', at.charset);

            } else if (at['http-equiv']?.toLowerCase() === 'content-type') {
                say('charset', charsetIn(at.content ?? ''));
            }
            break;
        }
        }
    }

    if (time !== undefined) {
        say('published', time);
    }

    return found;
}


/* the first wrong field, or null */

function misread(said, fields) {
    for (const field of fields) {
        const [, name, escaped] = /^(\w+)=(.*)$/.exec(field);
        const got = escaped.replace(/%(..)/g,
            (_, hex) => String.fromCharCode(parseInt(hex, 16)));
        const want = said[name] ?? '';

        if (got === want) {
            continue;
        }

        /* a cut value fills nearly all of its room */

        if (CUT.has(name) && want.startsWith(got)
            && (got.length > ROOM[name] - 6 || want.length > RAW_ROOM / 8))
        {
            continue;
        }

        return `${name}: "${got}", not "${want}"`;
    }

    return null;
}


/* known reasons why gumbo differs from today's standard */

function gumboSays(other, place, verdict, text, reopened, skipped) {
    if (verdict === 'alone') {
        return other === '-' ? 'none' : 'an end that does not count';
    }

    if (other === String(place)) {
        return 'same';
    }

    if (other === '-') {
        return 'no end tag';
    }

    if (/<noscript/i.test(text)) {
        return 'noscript is parsed';
    }

    if (reopened) {
        return 'content behind </body>';
    }

    if (skipped) {
        return 'in a link, button or form';
    }

    return `other: ${other}, not ${place}`;
}


function isEmpty(body) {
    return where(body).startOffset < 0 && body.childNodes.length === 0;
}


function judge(path, answer, place, inForm, gumbo, fields) {
    const text = read(path);
    const skip = text.startsWith('\uf7ef\uf7bb\uf7bf') ? 3 : 0;
    const page = text.slice(skip);
    const doc = tree(page);
    const all = nodes(doc);
    const elements = choose(all);
    const want = placeOf(text, page, doc, elements);
    const at = place - skip;

    if (answer === 'DIFFERS') {
        return ['WRONG', 'another answer for another cutting', ''];
    }

    if (answer === 'NONE') {
        const reason = want.reason
            ?? (isFragment(all, want.kind) ? 'a fragment'
                : endsInside(page) ? 'cut off'
                : isEmpty(elements.body) ? 'nothing but a head'
                : depthOf(doc) > DEPTH ? 'too deep'
                : KNOT.test(text) ? 'a knot' : null);

        return reason
            ? ['alone', reason, gumboSays(gumbo, place, 'alone', text)]
            : ['WRONG', `left alone: ${JSON.stringify(want)}`, ''];
    }

    if (want.reason) {
        return ['WRONG', `inserted although: ${want.reason}`, ''];
    }

    /* any of several </body> and </html> tags is right */

    if (want.open ? at !== page.length
                    && !/^<\/(body|html)[\t\n\f\r />]/i.test(page.slice(at, at + 8))
                  : at !== want.place)
    {
        return ['WRONG', `place ${at}, not ${want.place}`, ''];
    }

    const wrong = tried(page, doc, elements.chosen, at, inForm)
        ?? misread(sayings(all, elements.chosen, at), fields);

    /* A form inside a form is lost and closes the outer one, so nginx
     * inserts no widget there. */

    if (!wrong && inForm) {
        return tried(page, doc, elements.chosen, at, false)
            ? ['alone', 'in a form', gumboSays(gumbo, place, 'alone', text)]
            : ['WRONG', 'there is no form open', ''];
    }

    return wrong
        ? ['WRONG', wrong, '']
        : ['inserted', want.kind, gumboSays(gumbo, place, 'inserted', text,
                                            want.open && want.place === null,
                                            elements.skipped)];
}


for await (const line of createInterface({ input: process.stdin })) {
    const [path, answer, place, inForm, gumbo, ...fields] = line.split('\t');
    const verdict = judge(path, answer, Number(place), inForm === '1', gumbo,
                          fields);

    console.log([path, ...verdict, place,
                 fields.at(-1).slice('charset='.length)].join('\t'));
}
