/*
 * Template data for the two pages that a site's owner sees: status and
 * moderation.
 */

import { strings } from './mock.mjs';

const common = lang => {
    const t = strings(lang);
    return { site: 'blog', lang: t.lang, dir: t.dir, t,
             page_css: '/_social/page.css?v=1',
             page_js: '/_social/page.js?v=1' };
};

const row = (title, name, label, reason, numbers, more = {}) => {
    const [talk, talk_rate, comments, exchanges, unanswered, shares, readers,
           views] = numbers;
    return { key: '/posts/x/', title, url: '/posts/x/',
             href: '?period=28d&article=%2Fposts%2Fx%2F', class: name,
             class_label: label, reason, also: [], suspect: false,
             waits: unanswered !== '0', talk, talk_rate, comments, exchanges,
             unanswered, shares, readers, views, ...more };
};

const views_by_class = { confirmed: 3120, unconfirmed: 1410, preview: 77,
                         bot: 2210, prefetch: 12, self: 64 };

const article = {
    key: '/posts/x/', title: 'Listening before posting', url: '/posts/x/',
    class: 'conversation', class_reason: '12 people commented among 640 '
        + 'readers, with 31 replies to somebody else', participants: 12, new_participants: 8,
    returning_participants: 4, comments: 31, author_comments: 14,
    exchanges: 31, dialogues: 3, thread_h: 3, unanswered: 0,
    reader_days: 640, active_reader_days: 60, shares: 15, sharers: 15,
    reactions: 40, views: 811, views_by_class
};


export function status(one = '') {
    return {
        ...common('en'),
        doc: {
            site: 'blog', generated: '2026-11-22T04:00:00Z',
            period: { name: '28d' }, articles: [article],
            sentence: 'In the last 28 days, 3 articles started a conversation '
                + 'and 1 went unheard; 41 of 46 comments that needed an answer '
                + 'got one, half of them within 5 hours; 12 outcomes.',
            totals: { views_by_class },
            sources: [{ source: 'search', views: 2100, participants: 4 },
                      { source: 'dark', views: 1400, participants: 9 }],
            health: { store_ok: true, store_errors: 0,
                      zone_size_bytes: 16777216, zone_used_bytes: 4100000,
                      articles_evicted: 0, events_dropped: 0 }
        },
        text: {
            q: '', article: one,
            periods: ['24 hours', '7 days', '28 days', '90 days', 'a year',
                      'all time'].map((label, i) => ({ name: label, label,
                href: '?period=28d', current: i === 2 })),
            sorts: [['title', 'Article'], ['rank', 'Conversation'],
                    ['comments', 'Comments'],
                    ['exchanges', 'Replies to others'],
                    ['unanswered', 'Unanswered'], ['shares', 'Share intents'],
                    ['reader_days', 'Readers'], ['views', 'Views']
            ].map(([name, label]) => ({ name, label, href: `?sort=${name}`,
                current: name === 'rank', ascending: false })),
            alarms: [
                { name: 'unheard', state: 'alarm',
                  since: '2026-11-18T10:00:00Z', sentence: '1 article '
                      + 'went unheard: people commented and got few replies '
                      + 'or none.' },
                { name: 'no_goal', state: 'warn', since: '', sentence: 'No '
                      + 'goal is declared: what it leads to is not seen.' } ],
            calm: false,
            tiles: [
                ['participants', '31', 'People who commented',
                 '20 new, 11 returning'],
                ['exchanges', '58', 'Replies to somebody else',
                 'of 95 comments'],
                ['unanswered', '5', 'Waiting for an answer',
                 'the oldest has waited 6 days'],
                ['response_rate', '41 of 46', 'Answered in time',
                 'within 7 days; newer comments do not count yet'],
                ['goals', '12', 'Outcomes', 'declared goals reached'],
                ['reader_days', '4,210', 'Readers',
                 'reader-days, from 4,530 views']
            ].map(([name, value, label, note]) =>
                ({ name, value, label, note })),
            articles: [
                row('Listening before posting', 'conversation',
                    'Conversation', article.class_reason,
                    ['12 of 640', '19 per 1,000 readers', '31', '31', '0',
                     '15', '640', '811'],
                    { also: [{ class: 'amplified', class_label: 'Shared' },
                             { class: 'applauded', class_label: 'Liked' }] }),
                row('What we got wrong', 'unheard', 'Unheard',
                    '4 people commented among 400 readers, and nobody '
                    + 'replied',
                    ['4 of 400', '10 per 1,000 readers', '4', '0', '4', '2',
                     '400', '512']),
                row('Ten tools for a quiet inbox and for people who get far '
                    + 'too many newsletters every single morning', 'passive',
                    'Only viewed', 'only 15 of 10000 readers reacted in any way: '
                    + 'clearly fewer than the usual 7.0 per 1,000',
                    ['3 of 10,000', '0.3 per 1,000 readers', '3', '2', '1',
                     '9', '10,000', '12,410']),
                row('Hello, again', 'new', 'New',
                    '12 readers so far, fewer than 30',
                    ['0 of 12', '', '0', '0', '0', '0', '12', '14'])
            ],
            paging: { none: false, first: '1', last: '4', all: '5',
                      previous: false, next: { href: '?page=2' } },
            networks: [['Mastodon', '31', '120 of 31', '3.60', '6 of 140',
                        '12'],
                       ['Facebook', '20', '9 of 20', '0.80', '0 of 40', '30']
            ].map(([label, shares, visits, share_yield, talkers, previews]) =>
                ({ label, shares, visits, share_yield, talkers, previews })),
            inbox: [{ id: 'c41', title: 'What we got wrong', age: '6 days',
                      url: '/posts/wrong/#comment-c41',
                      answer: '/_moderate/?state=approved#comment-c41' }],
            thresholds: [{ name: 'prior', value: '200' },
                         { name: 'reply_within', value: '7 days' }]
        }
    };
}


const item = (id, name, state, html, more = {}) => ({
    id: `c${id}`, key: '/posts/listening/', title: 'Listening before posting',
    article_url: '/posts/listening/', name, website: '', text: 'as *typed*',
    html, reason: '', time: '2026-11-20T09:14:00Z',
    time_text: '20 November 2026, 09:14 UTC', state,
    held: state === 'held', approved: state === 'approved',
    spam: state === 'spam', deleted: state === 'deleted', author: false,
    answered: false, done: false, parent_name: '', reports: 0, ...more
});


export function moderate(lang = 'en', more = {}) {
    return {
        ...common(lang), prefix: '/_moderate/', status_url: '/social',
        state: 'queue', q: '', author: 'jo', token: '2945.c2FtcGxl',
        revision: 7,
        empty: false, prev: null, next: '/_moderate/?after=c2',
        tabs: [['queue', 'Waiting', 3], ['approved', 'Approved', 41],
               ['spam', 'Spam', 7], ['deleted', 'Deleted', 0], ['all', 'All', 0]
        ].map(([state, label, n], i) => ({ state, label, n, current: !i })),
        items: [
            item(31, 'M\u00e9lanie', 'held', '<p>A first comment, quite long, '
                + 'with a question at its end: how did you begin?</p>',
                { reason: 'first comment', website: 'https://m.example/' }),
            item(32, 'BUY NOW', 'held', '<p>cheap cheap cheap https://'
                + 'z'.repeat(90) + '</p>', { reason: '3 links', reports: 2 }),
            item(33, 'Per', 'approved', '<p>Twelve.</p>',
                { parent_name: 'Ada Lind' }),
            item(34, 'x'.repeat(60), 'spam', '<p>no</p>'),
            item(36, 'Per', 'approved', '<p>Thirteen.</p>'),
            item(35, 'Ada', 'deleted', '<p>gone</p>')
        ], ...more
    };
}
