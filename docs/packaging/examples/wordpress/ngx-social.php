<?php
/*
 * Plugin Name: ngx_social
 * Description: WordPress neither shows nor takes comments, as nginx does. Its
 *              own stay in the database. Remove this file to have them back.
 *
 * A "must-use" plugin: it works as soon as it is in wp-content/mu-plugins/.
 * It is its own template of comments, too, and then has nothing to say.
 */

if (!defined('ABSPATH') || defined('NGX_SOCIAL')) {
    return;
}

define('NGX_SOCIAL', true);

/* no new ones, by form, REST and XML-RPC; no pingbacks */
add_filter('comments_open', '__return_false', 99);
add_filter('pings_open', '__return_false', 99);

/* none of the old ones: themes with a comments.php */
add_filter('comments_template', function () { return __FILE__; }, 99);
add_filter('get_comments_number', '__return_zero', 99);

/* themes made of blocks */
add_filter('pre_render_block', function ($html, $block) {
    $ours = array('core/comments', 'core/comments-query-loop',
                  'core/post-comments', 'core/post-comments-form',
                  'core/latest-comments');

    return in_array($block['blockName'], $ours, true) ? '' : $html;
}, 99, 2);
