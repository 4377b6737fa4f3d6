//! HTML to text.

use proptest::prelude::*;
use text::html_to_text;

fn text(html: &str) -> String {
    html_to_text(html).text
}

#[test]
fn paragraphs_and_breaks_are_lines() {
    assert_eq!(text("<p>one<br>two</p><p>three</p>"), "one\ntwo\n\nthree");
    assert_eq!(text("a<br/><br/><br/>b"), "a\nb");
    assert_eq!(text("<ul><li>x</li><li>y</li></ul>"), "• x\n• y");
    assert_eq!(text("  a \n\t b  "), "a b");
}

#[test]
fn shortened_links_are_whole() {
    let html = concat!(
        r#"<p>Read <a href="https://news.example/long/path"><span class="invisible">https://</span>"#,
        r#"<span class="ellipsis">news.example/lo</span><span class="invisible">ng/path</span></a> now</p>"#
    );
    let read = html_to_text(html);
    assert_eq!(read.text, "Read https://news.example/long/path now");
    assert_eq!(read.links, ["https://news.example/long/path"]);
}

#[test]
fn hidden_parts_are_left_out() {
    assert_eq!(
        text(r#"a<span class="x invisible"> b <span>c</span> d</span>e"#),
        "ae"
    );
    assert_eq!(
        text("a<script>if (x<b) y('</p>')</script>b<style>p{}</style>c"),
        "abc"
    );
    assert_eq!(
        text(r#"a<img class="invisible">b"#),
        "ab",
        "an element without end hides nothing"
    );
}

#[test]
fn mentions_and_tags_stay_words() {
    let html = r#"<span class="h-card"><a href="https://s.example/@ann" class="u-url mention">@<span>ann</span></a></span> <a class="hashtag" href="/tags/x">#<span>x</span></a>"#;
    assert_eq!(text(html), "@ann #x");
}

#[test]
fn entities_are_decoded_and_broken_markup_is_read() {
    assert_eq!(text("AT&amp;T &lt;3 &#8364;5 &eacute;"), "AT&T <3 €5 é");
    assert_eq!(
        text("a <b>b <i>c</b> d</p> &unknown; <"),
        "a b c d\n\n&unknown; <"
    );
    assert_eq!(text("<!-- no --><!doctype html>yes"), "yes");
}

#[test]
fn links_are_listed_once() {
    let read = html_to_text(r#"<a href="https://a.example">x</a><a href="https://a.example">y</a><a>z</a>"#);
    assert_eq!(read.links, ["https://a.example"]);
}

proptest! {
    #[test]
    fn any_input_is_read(html in "(\\PC|<[a-z/]{0,3}>|</p>|<span class=\"invisible\">|&[a-z]{2,4};|<script>|<a href=x>){0,30}") {
        let read = html_to_text(&html);
        prop_assert_eq!(read.text.trim_end(), &read.text);
    }
}
