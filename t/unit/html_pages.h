
/*
 * Hostile pages for the HTML scanner, one in each row.  "|" marks the expected
 * place and is not part of the page; a page without it must not get a widget.
 */

#ifndef HTML_PAGES_H_INCLUDED
#define HTML_PAGES_H_INCLUDED


#include "social_html.h"


#define HEAD  "<!DOCTYPE html><html><head><title>t</title></head><body>"
#define TAIL  "</body></html>"

#define A  SOCIAL_HTML_AUTO
#define B  SOCIAL_HTML_BODY
#define M  SOCIAL_HTML_MARKER
#define W  3    /* AUTO, and the page is known to be whole */


typedef struct {
    int          mode;
    const char  *page;
} row_t;


static const row_t  rows[] = {

    /* an article or main in a link, a button or a form is none */
    { A, HEAD "<a href=/x><article>a</article></a>|" TAIL },
    { A, HEAD "<a href=/x><article>a</article></a>"
      "<article>b|</article>" TAIL },
    { A, HEAD "<main><a href=/x><article>a</article></a>b|</main>" TAIL },
    { A, HEAD "<a href=/x><main>a</main></a><main>b|</main>" TAIL },
    { A, HEAD "<a href=/x>a<a href=/y>b</a><article>c|</article>" TAIL },
    { A, HEAD "<p><a href=/x>a</p><article>c</article></a>|" TAIL },
    { A, HEAD "<button><article>a</article></button>|" TAIL },
    { A, HEAD "<button>x</button><article>a|</article>" TAIL },
    { A, HEAD "<form><article>a</article></form>|" TAIL },
    { A, HEAD "<form><main>a</main></form><article>b|</article>" TAIL },
    { A, HEAD "<a><object><article>a</article></object></a>|" TAIL },
    { A, HEAD "<object><a>x</object><article>a|</article>" TAIL },
    { A, HEAD "<table><tr><td><a>x</table><article>a|</article>" TAIL },

    /* one that is open at its end sends the widget outward, for good */
    { A, HEAD "<main><article>a<a href=/x>b</article>c</a>d|</main>" TAIL },
    { A, HEAD "<article>a<a href=/x>b</article></a><article>c</article>|"
      TAIL },
    { A, HEAD "<article>a<form>b</article></form>|" TAIL },
    /* names that begin with "=" or a slash, and look like values */
    { A, HEAD "<article><p =\"b=\" c></article>d\">x|</article>" TAIL },
    { A, HEAD "<article><p a/=\"b=\" c></article>d\">x|</article>" TAIL },
    { A, HEAD "<article><p a=\"b\"=\"c=\" d></article>e\">x|</article>" TAIL },

    { A, HEAD "<dl><main><article><form>a</dl><ul><li>b</form></li></ul>c|"
      TAIL },
    { A, HEAD "<article>a<button>b</article></button>" TAIL },
    { A, HEAD "<a href=/x>never closed" TAIL },
    { A, HEAD "<main><article>a<b><b><b>b</article></b></b></b>|</main>"
      TAIL },
    { A, HEAD "<article>a<b><b>b|</article></b></b>" TAIL },
    { A, HEAD "<article>a<b class=x><b class=x><b class=x>b|</article>"
      TAIL },
    { A, HEAD "<article><p><i>a</p><p><i>b</p><p><i>c</article></i>|" TAIL },
    { A, HEAD "<table><td><b>a<td><b>b<td><b>c</table><article>d|</article>"
      TAIL },

    /* white space behind </body> that belongs to an open <p> */
    { A, HEAD "<p>a</body></html>\n|" },
    { A, HEAD "<p>a</body>\n</html>|" },
    { A, HEAD "<p>a|</body></html>" },
    { A, HEAD "<p>a</p>|</body></html>\n" },
    { A, HEAD "<p>a<div>b</div>|</body></html>\n" },
    { A, HEAD "<div><p>a</div>|</body></html>\n" },
    { A, HEAD "<object><p>a</object>|</body></html>\n" },
    { A, HEAD "<b><b><b>a</body></html>\n|" },
    { A, HEAD "<b><b>a|</body></html>\n" },

    /* whole pages without end tags */
    { W, HEAD "<p>a\n|" },
    { A, HEAD "<p>a\n" },
    { W, HEAD "<article>a|" },
    { W, HEAD "<main>a|" },
    { W, HEAD "<main>a|</main>b" },
    { W, "<!doctype html><title>t</title><p>a<p>b|" },
    { W, "<!DOCTYPE html>a|" },
    { W, "<html>a|" },
    { W, "<p>a fragment" },
    { W, "<article>a fragment" },
    { W, HEAD "<!-- a" },
    { W, HEAD "<p>a <" },
    { W, HEAD "<p>a </" },
    { W, HEAD "<p>a </p" },
    { W, HEAD "<p class='a" },
    { W, HEAD "<p class" },
    { W, HEAD "<script>a" },
    { W, HEAD "<textarea>a" },
    { W, "<!doctype html><title>a" },
    { W, HEAD "<plaintext>a" },
    { W, HEAD "<table><tr><td>a" },
    { W, HEAD "<svg>" },
    { W, HEAD "<a href=/x>a" },
    { W, HEAD "<form>a</form>b|" },
    { W, HEAD "<p>a|" TAIL },
    { W, "<!doctype html><title>t</title>" },

    /* AMP */
    { A, "<!doctype html><html amp><body><article>a</article>" TAIL },
    { A, "<!doctype html><html lang=en \xe2\x9a\xa1><body><article>a"
      "</article>" TAIL },
    { A, "<html \xe2\x9a\xa1\xef\xb8\x8f=''><article>a</article>" TAIL },
    { A, "<html AMP4ads><article>a</article>" TAIL },
    { A, "<html amplify><article>a|</article>" TAIL },
    { A, "<html lang=amp><article amp>a|</article>" TAIL },

    /* roots that a framework hydrates */
    { A, HEAD "<div id=\"__next\"><article>a</article></div>|b" TAIL },
    { A, HEAD "<div id=__nuxt><div><main>a</main></div></div>|b" TAIL },
    { A, HEAD "<div class=a id='___gatsby'><article>a</article>b"
      "<article>c</article></div>|" TAIL },
    { A, HEAD "<div id=__docusaurus><p>a</div><p>b</p>|" TAIL },
    { A, HEAD "<div id=__next><main>a</main></div>"
      "<article>b|</article>" TAIL },
    { A, HEAD "<div id=__next><div></div><article>a</article>" TAIL },
    { A, HEAD "<section><div id=__next><article>a</section>|b" TAIL },
    { A, HEAD "<div id=__nexts><article>a|</article></div>b" TAIL },
    { A, HEAD "<div class=__next><article>a|</article></div>b" TAIL },
    { A, HEAD "<div id=__next></div><article>a|</article>" TAIL },
    { B, HEAD "<div id=__next><article>a</article></div>b|" TAIL },
    { W, HEAD "<div id=__next><article>a" },

    /* which element is chosen */
    { A, HEAD "<article>a|</article>" TAIL },
    { A, HEAD "<article>a|</article><article>b</article>" TAIL },
    { A, HEAD "<article>a<article>b</article>c|</article>" TAIL },
    { A, HEAD "<main>m</main><article>a|</article>" TAIL },
    { A, HEAD "<main><article>a|</article></main>" TAIL },
    { A, HEAD "<main>m|</main>" TAIL },
    { A, HEAD "<main>m<main>n</main>o|</main><main>p</main>" TAIL },
    { A, HEAD "<div>m</div>|" TAIL },
    { A, HEAD "|" TAIL },
    { B, HEAD "<article>a</article><main>m</main>|" TAIL },
    { A, HEAD "<ARTICLE>a|</ARTICLE >" TAIL },
    { A, HEAD "<aRtIcLe\n>a|</ArTiClE\t>" TAIL },
    { A, HEAD "<article/>a|</article/>" TAIL },
    { A, HEAD "<articles>a</articles>|" TAIL },
    { A, HEAD "<article-x>a</article-x>|" TAIL },
    { A, HEAD "<articl>a</articl>|" TAIL },
    { A, "<article>a|</article>" },
    { A, "<main>a|</main>" },
    { A, "<p>a<article>b|</article>" },
    { A, "<article>|</article>" },

    /* attributes */
    { A, HEAD "<article title=\"</article>\">a|</article>" TAIL },
    { A, HEAD "<article title='</article>'>a|</article>" TAIL },
    { A, HEAD "<article title=</article>a|</article>" TAIL },
    { A, HEAD "<a title=\"<article>\">x</a>|" TAIL },
    { A, HEAD "<q title='>'><article>x|</article></q>" TAIL },
    { A, HEAD "<q ='\"><article>x|</article>\">" TAIL },
    { A, HEAD "<q b=c\"d><article>x|</article>\">" TAIL },
    { A, HEAD "<q \"><article>x|</article>" TAIL },
    { A, HEAD "<q b = \" > <article> \" ><article>x|</article>" TAIL },
    { A, HEAD "<q b=><article>x|</article>" TAIL },
    { A, HEAD "<q b=\"x\"c='<article>'><main>x|</main>" TAIL },
    { A, HEAD "<q/b/'c=\"><article>x</article>\">|" TAIL },
    { A, HEAD "<article a=1 a=2 a='>'>x|</article>" TAIL },
    { A, HEAD "<article a=\"\n\r\t>\">x|</article>" TAIL },
    { A, HEAD "<article/x=/>y|</article>" TAIL },
    { A, HEAD "<article>x|</article title=\">\">" TAIL },

    /* no tags at all */
    { A, HEAD "a < article > b <3 <> </> <article>x|</article>" TAIL },
    { A, HEAD "&lt;article>x&lt;/article>|" TAIL },
    { A, HEAD "< article>x</ article>|" TAIL },
    { A, HEAD "<<article>x|</article>" TAIL },
    { A, HEAD "</article></main></div></p>|" TAIL },
    { A, HEAD "<article>a</articlex></article-b>b|</article>" TAIL },

    /* comments and other markup */
    { A, HEAD "<!-- <article> --><main>m|</main>" TAIL },
    { A, HEAD "<!--><article>x|</article>-->" TAIL },
    { A, HEAD "<!---><article>x|</article>-->" TAIL },
    { A, HEAD "<!----><article>x|</article>-->" TAIL },
    { A, HEAD "<!-- a -- <article> --!><article>x|</article>" TAIL },
    { A, HEAD "<!-- a --- > <article> ---><main>x|</main>" TAIL },
    { A, HEAD "<!-- a --!- <article> --><main>x|</main>" TAIL },
    { A, HEAD "<!-- <!-- --><article>x|</article>-->" TAIL },
    { A, HEAD "<!-x <article> --><article>x|</article>" TAIL },
    { A, HEAD "<!article><main>x|</main>" TAIL },
    { A, HEAD "<?php <article> ?><main>x|</main>" TAIL },
    { A, HEAD "</ <article>x</article><main>x|</main>" TAIL },
    { A, HEAD "<![CDATA[ <article> ]]><main>x|</main>" TAIL },
    { A, HEAD "<!doctype a '<article>'><main>x|</main>" TAIL },
    { A, HEAD "<article>a<!-- </article> -->b|</article>" TAIL },
    { A, HEAD "<!-- <article>x</article>" },

    /* elements whose content is text */
    { A, HEAD "<script>'<article>'</script><main>x|</main>" TAIL },
    { A, HEAD "<style><article></style><main>x|</main>" TAIL },
    { A, HEAD "<textarea><article></textarea><main>x|</main>" TAIL },
    { A, HEAD "<iframe><article></iframe><main>x|</main>" TAIL },
    { A, HEAD "<xmp><article></xmp><main>x|</main>" TAIL },
    { A, HEAD "<noembed><article></noembed><main>x|</main>" TAIL },
    { A, HEAD "<noframes><article></noframes><main>x|</main>" TAIL },
    { A, HEAD "<noscript><article></noscript><main>x|</main>" TAIL },
    { A, "<title><article></title><main>x|</main>" },
    { A, "<head><noscript><article></article></noscript></head>"
         "<body><main>x|</main>" TAIL },
    { A, HEAD "<script></scripts><article></script ><main>x|</main>" TAIL },
    { A, HEAD "<script></script/><main>x|</main>" TAIL },
    { A, HEAD "<script/><article></script><main>x|</main>" TAIL },
    { A, HEAD "<script></SCRIPT a='>'><main>x|</main>" TAIL },
    { A, HEAD "<textarea></textare></textareaa><article></textarea>|" TAIL },
    { A, HEAD "<style></script><article></style>|" TAIL },
    { A, HEAD "<script><!-- <script></script><article></article> -->"
         "</script>|" TAIL },
    { A, HEAD "<script><!-- <script> </script> </script>"
         "<article>x|</article>" TAIL },
    { A, HEAD "<script><!-- </script><article>x|</article>" TAIL },
    { A, HEAD "<script><!--<script></script>--></script>"
         "<article>x|</article>" TAIL },
    { A, HEAD "<script><!--<scriptx></script><article>x|</article>" TAIL },
    { A, HEAD "<script><!--<script </script </script>"
         "<article>x|</article>" TAIL },
    { A, HEAD "<script><!--<script>--></script><article>x|</article>" TAIL },
    { A, HEAD "<script><!--<script>-- ></script><article>--></script>|" TAIL },
    { A, HEAD "<script><!-<script></script><article>x|</article>" TAIL },
    { A, HEAD "<script><!-->/*<script>*/</script><article>x|</article>" TAIL },
    { A, HEAD "<script><!--<script></scriptx></script></script>"
         "<article>x|</article>" TAIL },
    { A, HEAD "<textarea><!--</textarea><article>x|</article>" TAIL },
    { A, HEAD "<article>a<script>'</article>'</script>b|</article>" TAIL },
    { A, HEAD "<plaintext><article>x</article>" TAIL },
    { A, HEAD "<article>x<plaintext></article>" TAIL },
    { A, HEAD "<main>x|</main><plaintext></article>" TAIL },

    /* templates */
    { A, HEAD "<template><article>x</article></template><main>m|</main>"
         TAIL },
    { A, "<head><template><article>x</article></template></head>"
         "<body><article>y|</article>" TAIL },
    { A, HEAD "<template><template></template><article>x</article>"
         "</template>|" TAIL },
    { A, HEAD "<article>a<template></article></template>b|</article>" TAIL },
    { A, HEAD "<template><td><article></td></template><main>m|</main>" TAIL },
    { A, HEAD "<template><tr><td></template><article>x|</article>" TAIL },
    { A, HEAD "<template><div></template><article>x|</article>" TAIL },
    { A, HEAD "<template><article>x</article>" TAIL },
    { A, HEAD "</template><article>x|</article>" TAIL },
    { A, HEAD "<template><col><article></template><main>x|</main>" TAIL },

    /* SVG and MathML */
    { A, HEAD "<svg><article>x</article></svg><main>m|</main>" TAIL },
    { A, HEAD "<math><article>x</article></math><main>m|</main>" TAIL },
    { A, HEAD "<svg/><article>x|</article>" TAIL },
    { A, HEAD "<svg><path/><g/></svg><article>x|</article>" TAIL },
    { A, HEAD "<svg><foreignObject><article>x</article></foreignObject></svg>|"
         TAIL },
    { A, HEAD "<svg><title><article></title></svg><main>m</main>" TAIL },
    { A, HEAD "<svg><desc><article></desc></svg>" TAIL },
    { A, HEAD "<svg><![CDATA[ </svg><article> ]]></svg><main>m|</main>" TAIL },
    { A, HEAD "<svg><![CDATA[ ]] ]]]><article></svg><main>m|</main>" TAIL },
    { A, HEAD "<svg><![cdata[ ><article></article></svg><main>m|</main>"
         TAIL },
    { A, HEAD "<svg><p><article>x|</article>" TAIL },
    { A, HEAD "<svg><g><div><article>x|</article></div>" TAIL },
    { A, HEAD "<svg><font><article></article></svg>|" TAIL },
    { A, HEAD "<svg><font color=red><article>x|</article>" TAIL },
    { A, HEAD "<svg></p><article>x|</article>" TAIL },
    { A, HEAD "<svg><script><article></script></svg>|" TAIL },
    { A, HEAD "<svg><style><article></style></svg>|" TAIL },
    { A, HEAD "<svg><script/></svg><article>x|</article>" TAIL },
    { A, HEAD "<math><mi><article>x</article></mi></math>|" TAIL },
    { A, HEAD "<math><annotation-xml encoding=text/HTML><article>x</article>"
         "</annotation-xml></math>|" TAIL },
    { A, HEAD "<math><annotation-xml><svg><foreignObject><div></div>"
         "</foreignObject></svg></annotation-xml></math><main>m|</main>"
         TAIL },
    { A, HEAD "<article>a<svg><path></article>b</svg>" TAIL },
    { A, HEAD "<article>a<svg>" TAIL },
    { A, HEAD "<article>a<svg><foreignObject><div><span><p>x</span></div>"
         "</foreignObject></svg>b|</article>" TAIL },
    { A, HEAD "<svg><foreignObject><b><i>x</i></b></foreignObject></svg>"
         "<article>x|</article>" TAIL },
    { A, HEAD "<svg><foreignObject><p><b>x</p></foreignObject></svg>"
         "<article>x</article>" TAIL },
    { A, HEAD "<svg><foreignObject><div></foreignObject></svg><article>x"
         "</article>" TAIL },
    { A, HEAD "<span><svg><path></span><article>x</article>" TAIL },
    { A, HEAD "<div><svg><path></div><article>x|</article>" TAIL },
    { A, HEAD "<b><svg></b></svg><article>x</article>" TAIL },
    { A, HEAD "<p><svg></p><article>x|</article>" TAIL },
    { A, HEAD "<svg></svg></svg><article>x|</article>" TAIL },
    { A, HEAD "<svg><svg></svg><article></article></svg>|" TAIL },

    /* end tags that are missing, stray or crossed */
    { A, HEAD "<article><p>a|</article>" TAIL },
    { A, HEAD "<article><b>a|</article>" TAIL },
    { A, HEAD "<article><div>a|</article></div>" TAIL },
    { A, HEAD "<article><ul><li>a<li>b|</article>" TAIL },
    { A, HEAD "<article><h1>a<h2>b</h2>|</article>" TAIL },
    { A, HEAD "<div><article>a|</div>b</article>" TAIL },
    { A, HEAD "<main><article>a|</main>b</article>" TAIL },
    { A, HEAD "<main>a<section>b|</main></section>" TAIL },
    { A, HEAD "<article>a|" TAIL },
    { A, HEAD "<article>a|</body>" },
    { A, HEAD "<article>a|</html>" },
    { A, HEAD "<main>a|" TAIL },
    { A, HEAD "<article>a</section></div></main>b|</article>" TAIL },
    { A, HEAD "<article>a</p>b|</article>" TAIL },
    { A, HEAD "<b><article>a</b>b|</article>" TAIL },
    { A, HEAD "<p><article>a</p>b|</article>" TAIL },
    { A, HEAD "<a><article>a<a>b</article>" TAIL },
    { A, HEAD "<span><article>a</span>b|</article>" TAIL },
    { A, HEAD "<section><article>a|</section></article>" TAIL },
    { A, HEAD "<x-y><main>a</x-z>b</x-y>c|</main>" TAIL },
    { A, HEAD "<h1><article>a|</h2></article>" TAIL },
    { A, HEAD "<ul><li><article>a<li>b|</article></ul>" TAIL },
    { A, HEAD "<ul><li><article>a|</li>b</article></ul>" TAIL },
    { A, HEAD "<ul><li><article>a|</ul>b</article>" TAIL },
    { A, HEAD "<li><article><ul></li>b</ul>c|</article>" TAIL },
    { A, HEAD "<dl><dd><article>a|</dl>" TAIL },
    { A, HEAD "<button><article>a<button>b</article>" TAIL },
    { A, HEAD "<article><button>a</article>" TAIL },
    { A, HEAD "<form><article>a</form>b</article>|" TAIL },
    { A, HEAD "<article><form>a</article>b</form><article>c</article>|" TAIL },
    { A, HEAD "<form><div></form><article>a|</article>" TAIL },
    { A, HEAD "<form><form><article>a</form>b</form>c</article>|" TAIL },
    { A, HEAD "<object><article>a|</object></article>" TAIL },
    { A, HEAD "<article><object>a</article>" TAIL },
    { A, HEAD "<article><object>a</article></object>b|</article>" TAIL },
    { A, HEAD "<dialog><article>a</dialog>" TAIL },
    { A, HEAD "<dialog><p>a</dialog><article>b|</article>" TAIL },
    { A, HEAD "<span><dialog></span><article>b</dialog>" TAIL },
    { A, HEAD "<search><form></form></search><article>b|</article>" TAIL },
    { A, HEAD "<li><search><li></search><article>b</article>" TAIL },
    { A, HEAD "<article><dialog><form></form></dialog>b|</article>" TAIL },
    { A, HEAD "<article><details><summary>a|</article>" TAIL },
    { A, HEAD "<article><br></br><hr><img><input>a|</article>" TAIL },
    { A, HEAD "<article><image><wbr/><div/>a|</article>" TAIL },

    /* tables and selects */
    { A, HEAD "<table><tr><td><article>a|</article></table>" TAIL },
    { A, HEAD "<table><tr><td><article>a|<td>b</article></table>" TAIL },
    { A, HEAD "<table><tr><td><article>a|<tr><td>b</article></table>" TAIL },
    { A, HEAD "<table><tr><td><article>a|</table>b</article>" TAIL },
    { A, HEAD "<table><tr><td><article>a|</td>b</article>" TAIL },
    { A, HEAD "<table><td><article>a|</tr>b</article>" TAIL },
    { A, HEAD "<table><caption><article>a|</caption>b</article></table>"
         TAIL },
    { A, HEAD "<table><article>a|</article></table>" TAIL },
    { A, HEAD "<table><article>a|</table>" TAIL },
    { A, HEAD "<table><article>a|<tr><td>b</td></tr></table>" TAIL },
    { A, HEAD "<table><article>a|<table></article>" TAIL },
    { A, HEAD "<article><table><tr><td>a</td></tr></table>b|</article>" TAIL },
    { A, HEAD "<article><table>a</article>" TAIL },
    { A, HEAD "<article><table><tr><td>a</article>" TAIL },
    { A, HEAD "<article><table><tr><td>a</article></table>b|</article>" TAIL },
    { A, HEAD "<article><table></body></table>b|</article>" TAIL },
    { A, HEAD "<article><table><colgroup><col></table>b|</article>" TAIL },
    { A, HEAD "<article><table><tr><th>a<td>b<tfoot><tr><td></table>b|"
         "</article>" TAIL },
    { A, HEAD "<td><article>a<td>b</td>c|</article>" TAIL },
    { A, HEAD "<select><article>a</article></select><main>m|</main>" TAIL },
    { A, HEAD "<select><option><article>x</select><article>b|</article>"
         TAIL },
    { A, HEAD "<article><select><option>a</article>" TAIL },
    { A, HEAD "<article><select><option>a</article></select>b|</article>"
         TAIL },
    { A, HEAD "<article><select><select>a|</article>" TAIL },
    { A, HEAD "<article><select><input>a|</article>" TAIL },
    { A, HEAD "<table><td><article><select><td>b</article></table>" TAIL },
    { A, HEAD "<select><option><svg><title>x</title><path/></svg>y</select>"
         "<article>b|</article>" TAIL },
    { A, HEAD "<select><svg></select><article>x</article>" TAIL },
    { A, HEAD "<select><title></select><article>x</article>" TAIL },
    { A, HEAD "<select><table></select><article>x</article>" TAIL },
    { A, HEAD "<select><button><div>x</select><article>x|</article>" TAIL },
    { A, HEAD "<select><xmp></select><article>x</article>" TAIL },
    { A, HEAD "<select><script></select></script></select>"
         "<article>x|</article>" TAIL },

    /* the end of the page */
    { A, HEAD "<article>a" },
    { A, HEAD "<article>a</article" },
    { A, HEAD "<article>a</p>" },
    { A, HEAD "<main>a" },
    { A, HEAD "<main>a|</main>" },
    { A, HEAD "<main>a|</main><p>x" },
    { A, HEAD "<main>a</main><p" },
    { A, HEAD "<main>a</main><!-- " },
    { A, HEAD "<main>a</main><script>" },
    { A, HEAD "<main>a|" TAIL "<p" },
    { A, HEAD "<p>a" },
    { A, HEAD "<p>a|</body>" },
    { A, HEAD "<p>a|</html>" },
    { A, HEAD "<p>a|</BODY >" },
    { A, HEAD "a|" TAIL "\n<!-- cached -->\n" },
    { A, HEAD "a|" TAIL "<!-- cached" },
    { A, HEAD "a" TAIL "<script>x</script>|" },
    { A, HEAD "a" TAIL "<p>x|" },
    { A, HEAD "a" TAIL "x|" },
    { A, HEAD "a" TAIL "x<" },
    { A, HEAD "a" TAIL "<script>x" },
    { A, HEAD "a</body><p>x</p>|</body></html>" },
    { A, HEAD "a</body><p>x</p>|</html>" },
    { A, HEAD "a|</body></body></html></html>" },
    { A, HEAD "<div>a</body></div>|</html>" },
    { A, HEAD "a" TAIL "<article>x|</article>" },
    { A, HEAD "<article>a</body><p>b</p>|</article></html>" },
    { A, HEAD "<article>a" TAIL "<p>b</p>|" },
    { A, HEAD "a" TAIL "<table>" },
    { A, HEAD "a" TAIL "<svg>" },
    { B, HEAD "<table><tr><td>a" TAIL },
    { B, HEAD "<table><tr><td>a</table>|" TAIL },
    { B, HEAD "<select>a" TAIL },
    { B, HEAD "<div><p><b>a|" TAIL },

    /* fragments, frames, and pages with few tags */
    { A, "" },
    { A, "   \n" },
    { A, "text" },
    { A, "<p>text</p>" },
    { A, "<p>text</p></body></html>" },
    { A, "<div><p>text</div>" },
    { B, "<article>text</article>" },
    { A, "<body>a|</body>" },
    { A, "<body>a" },
    { A, "<html>a|</html>" },
    { A, "<!doctype html><title>t</title><p>a|</html>" },
    { A, "<!doctype html><title>t</title><p>a" },
    { A, "<!doctype html><frameset><frame></frameset></html>" },
    { A, "<html><head></head><frameset></frameset>"
         "<noframes><body>x</body></noframes></html>" },
    { A, HEAD "x<frameset><article>a|</article>" TAIL },
    { A, "<html><head><title>x</title><body>a<head>b|</body></html>" },
    { A, "<html></head></head><p>b|</body></html>" },
    { A, "<article>x|</article><html><body></body></html>" },
    { A, "<head><article>x|</article></head>" },
    { A, "<html><body><body class='>'>b|</body></html>" },

    /* not HTML */
    { A, "{\"html\":\"<article>x</article>\"}" },
    { A, " \r\n\t[\"<body>x</body>\"]" },
    { A, "\xef\xbb\xbf {\"a\":\"<article>x</article>\"}" },
    { A, "\xef\xbb\xbf<article>x|</article>" },
    { A, "\xef\xbb<article>x|</article>" },
    { A, "\xff\xfe<article>x</article>" },
    { A, "\xfe\xff<article>x</article>" },
    { A, "\xfe<article>x|</article>" },
    { A, " \xef\xbb\xbf{<article>x|</article>" },
    { A, "<?xml version='1.0'?><article>x|</article>" },
    { A, "x{<article>x|</article>" },
    { M, "{<body><!-- social -->" },

    /* markers */
    { M, HEAD "<p>a</p><!-- social -->|<p>b" TAIL },
    { M, HEAD "<!--social-->|" TAIL },
    { M, HEAD "<!--\n social \t-->|<!-- social -->" TAIL },
    { M, HEAD "<!-- social --!>|" TAIL },
    { M, HEAD "<article>x</article>" TAIL },
    { M, HEAD "<!-- socials --><!-- so cial --><! social ><!-- Social -->"
         TAIL },
    { M, HEAD "<!-- social ---><!-- social -- -->" TAIL },
    { M, HEAD "<script><!-- social --></script><!-- social -->|" TAIL },
    { M, HEAD "<textarea><!-- social --></textarea><!-- social -->|" TAIL },
    { M, HEAD "<a title='<!-- social -->'></a><!-- social -->|" TAIL },
    { M, HEAD "<!-- <!-- social --><!-- social -->|" TAIL },
    { M, HEAD "<template><!-- social --></template><!-- social -->|" TAIL },
    { M, HEAD "<svg><!-- social --></svg><!-- social -->|" TAIL },
    { M, HEAD "<table><!-- social --></table><!-- social -->|" TAIL },
    { M, HEAD "<table><td><!-- social -->|</table>" TAIL },
    { M, HEAD "<select><!-- social --></select><!-- social -->|" TAIL },
    { M, "<!-- social -->" HEAD "<!-- social -->|" TAIL },
    { M, "<html><head><!-- social --></head><body><!-- social -->|" },
    { M, HEAD TAIL "<!-- social -->|" },
    { M, HEAD "<!-- social --" },
    { M, HEAD "<!-- social" },
    { M, "<p>x</p><!-- social -->|" }
};


#endif /* HTML_PAGES_H_INCLUDED */
