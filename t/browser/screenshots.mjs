/*
 * Takes README's pictures of a running demo:
 *
 *   node screenshots.mjs BASE PASSWORD DIRECTORY
 */

import { launch, until } from './lib.mjs';

const [base, password, to] = process.argv.slice(2);
const browser = await launch();
const size = { width: 960, height: 1000 };

const context = await browser.newContext({
    viewport: size, colorScheme: 'light', locale: 'en-GB', timezoneId: 'UTC',
    httpCredentials: { username: 'ruth', password }
});
const page = await context.newPage();
await page.clock.setFixedTime(new Date('2026-11-27T07:40:00Z'));

/* as a file of few bytes: no smooth fonts in colour, no caret */
async function shoot(name, clip) {
    await page.screenshot({ path: `${to}/${name}.png`, clip, caret: 'hide',
                            animations: 'disabled', scale: 'css' });
}


/* the end of an article, and what stands below it */

await page.goto(`${base}/posts/the-conversation-below/`);
const widget = page.locator('section[data-social]');

if (!await until(() => widget.count(), page)) {
    throw new Error('the article has no widget');
}

const top = (await widget.boundingBox()).y;
await page.evaluate(y => scrollTo({ top: y, behavior: 'instant' }), top - 190);
await shoot('article', { x: 0, y: 0, ...size });


/* the status page, from its first sentence on */

const answer = await page.goto(`${base}/social`);

if (!answer.ok()) {
    throw new Error(`the status page answers ${answer.status()}`);
}

await page.setViewportSize({ width: 1100, height: 1150 });
await shoot('status', { x: 0, y: 0, width: 1100, height: 1150 });

await browser.close();
