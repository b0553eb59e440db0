/*
 * Template data for the page that a moderator sees.
 */

import { strings } from './mock.mjs';

const common = lang => {
    const t = strings(lang);
    return { site: 'blog', lang: t.lang, dir: t.dir, t,
             page_css: '/_social/page.css?v=1',
             page_js: '/_social/page.js?v=1' };
};

const item = (id, name, state, html, more = {}) => ({
    id: `c${id}`, key: '/posts/listening/', title: 'Listening before posting',
    article_url: '/posts/listening/', name, website: '', text: 'as *typed*',
    html, reason: '', time: '2026-11-20T09:14:00Z',
    time_text: '20 November 2026, 09:14 UTC', state,
    held: state === 'held', approved: state === 'approved',
    spam: state === 'spam', deleted: state === 'deleted', author: false,
    answered: false, done: false, parent_name: '', parent_text: '', reports: 0,
    is_new: false, is_changed: false, person_url: `/_moderate/?person=c${id}`,
    like_url: `/_moderate/?like=c${id}`,
    thread_url: '/_moderate/?article=%2Fposts%2Flistening%2F', ...more
});


const t_of = lang => strings(lang);


export function moderate(lang = 'en', more = {}) {
    return {
        ...common(lang), prefix: '/_moderate/', status_url: '/social',
        state: 'queue', q: '', author: 'jo', token: '2945.c2FtcGxl',
        revision: 7, checked: false, narrow: false,
        last: { id: 'a7', label: t_of(lang).l_spam, n: 3, many: true, name: '',
                at: { time: '2026-11-20T09:14:00Z',
                      time_text: '20 November 2026, 09:14 UTC' } },
        unseen: { n: 3, newest: 'c36', since: null },
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
                { parent_name: 'Ada Lind', is_new: true,
                  parent_text: 'How many apples does one press need?' }),
            item(34, 'x'.repeat(60), 'spam', '<p>no</p>'),
            item(36, 'Per', 'approved', '<p>Thirteen.</p>'),
            item(35, 'Ada', 'deleted', '<p>gone</p>')
        ], ...more
    };
}
