//! Queries of other products: what they become, and what is lost.

use proptest::prelude::*;
use query::import::{Dialect, LossKind, examples, translate};
use query::{check, parse};

/// Source, query (empty for none), codes of the losses in their order.
type Row = (&'static str, &'static str, &'static [&'static str]);

const BRANDWATCH: &[Row] = &[
    ("apple AND juice", "apple AND juice", &[]),
    ("(apple)", "apple", &[]),
    ("apple NOT juice", "apple AND NOT juice", &[]),
    ("apple NOT (juice OR pie)", "apple AND NOT (juice OR pie)", &[]),
    ("apple AND NOT juice", "apple AND NOT juice", &[]),
    ("apple NEAR/0 juice", "apple NEAR/1 juice", &[]),
    ("apple NEAR/5 juice", "apple NEAR/6 juice", &[]),
    ("apple NEAR/2f juice", "apple NEAR/3f juice", &[]),
    (
        "apple NEAR/5000 juice",
        "apple NEAR/1000 juice",
        &["near-distance"],
    ),
    (
        "(apple OR pear) NEAR/5 (\"fresh juice\" OR cake*)",
        "(apple OR pear) NEAR/6 (\"fresh juice\" OR cake*)",
        &[],
    ),
    (
        "((apple OR pear) AND (juice OR cake))~5",
        "(apple OR pear) NEAR/6 (juice OR cake)",
        &[],
    ),
    (
        "(apple AND juice AND cake)~5",
        "apple AND juice AND cake",
        &["near-group"],
    ),
    (
        "apple NEAR/2 juice NEAR/3 cake",
        "apple NEAR/3 juice NEAR/4 cake",
        &["near-chain"],
    ),
    (
        "apple NEAR/5 (juice AND cake)",
        "(apple NEAR/6 juice) AND (apple NEAR/6 cake)",
        &["near-and"],
    ),
    (
        "(apple OR (red AND pear)) NEAR/1 juice",
        "(apple NEAR/2 juice) OR ((red NEAR/2 juice) AND (pear NEAR/2 juice))",
        &["near-and"],
    ),
    ("tea OR (apple NEAR/5 (juice NOT cake))", "tea", &["near-operand"]),
    ("tea OR (apple NEAR/5 site:a.example)", "tea", &["near-operand"]),
    ("\"apple juice\"~5", "\"apple juice\"~6", &["tilde-order"]),
    ("\"a b c\"~2", "\"a b c\"~4", &["tilde-count"]),
    ("\"apple\"~2", "\"apple\"", &["one-word"]),
    ("complain*", "complain*", &[]),
    ("customi?e", "customi?e", &[]),
    ("tea OR ab*", "tea", &["short-wildcard"]),
    ("tea OR \"iced (mil*)\"", "tea OR \"iced mil*\"", &[]),
    ("tea OR \"mil*)[cold]\"", "tea OR \"mil* cold\"", &[]),
    ("茶道* OR tea", "茶道 OR tea", &[]),
    ("{BT}", "{BT}", &[]),
    ("raw:Google+", "{Google+}", &[]),
    ("tea OR {B*}", "tea", &["wildcard-case"]),
    ("niño", "niño", &[]),
    (
        "#juice OR @acme OR $TSLA OR 🍏",
        "#juice OR @acme OR $TSLA OR 🍏",
        &[],
    ),
    ("apple <<<why AND how>>> AND juice", "apple AND juice", &[]),
    ("title:\"apple juice\"", "title:\"apple juice\"", &[]),
    ("title:(apple OR juice)", "title:(apple OR juice)", &[]),
    ("title:(apple AND site:x.com)", "title:apple", &["nested-field"]),
    ("site:twitter.com AND apple", "source:x AND apple", &[]),
    (
        "url:(a.example OR b.example)",
        "site:(a.example OR b.example)",
        &[],
    ),
    ("url:\"a.example/news\"", "site:a.example", &["path"]),
    ("links:a.example", "url:a.example", &[]),
    ("links:pricing", "links:pricing", &[]),
    ("author:acme OR author:beta", "author:(acme OR beta)", &[]),
    ("tea OR author:\"Ann Smith\"", "tea", &["bad-value"]),
    ("country:gbr OR country:usa", "country:(gb OR us)", &[]),
    ("tea NOT country:usa", "tea AND NOT country:us", &["not-told"]),
    ("tea AND country:zzz", "tea", &["bad-value"]),
    ("language:en AND tea", "lang:en AND tea", &[]),
    (
        "hashtags:tea at_mentions:acme",
        "hashtags:tea AND at_mentions:acme",
        &["implicit-and"],
    ),
    ("engagementType:QUOTE AND tea", "kind:quote AND tea", &[]),
    ("engagingWith:acme", "replyTo:acme", &["reposts"]),
    ("authorFollowers:[500 TO *]", "followers:[500 TO *]", &[]),
    ("tea AND authorFollowers:[9 TO 5]", "tea", &["bad-value"]),
    ("subreddit: tea", "source:reddit AND site:tea", &[]),
    ("publisherSubType:VIDEO AND tea", "has:video AND tea", &[]),
    (
        "tea AND (region:usa.fl OR city:\"deu.berlin.berlin\")",
        "tea",
        &["place", "place"],
    ),
    ("tea AND continent:europe", "tea", &["place"]),
    ("tea NOT authorGender:F", "tea", &["not-inferred"]),
    ("tea AND rating:[3 TO 5]", "tea", &["view-filter"]),
    ("tea AND engagingWithGuid:   85728", "tea", &["one-post"]),
    ("tea AND colour:green", "tea", &["unknown-field"]),
    ("apple juice", "apple AND juice", &["implicit-and"]),
    ("a AND b OR c", "(a AND b) OR c", &["mixed-and-or"]),
    ("(a AND b) OR (c AND d)", "(a AND b) OR (c AND d)", &[]),
    (
        "apple and pie",
        "apple AND \"and\" AND pie",
        &["implicit-and", "lowercase-operator"],
    ),
    (
        "apple near/5 pie",
        "apple AND \"near/5\" AND pie",
        &["implicit-and", "lowercase-operator", "punctuation"],
    ),
    ("AT&T OR 10:30", "AT&T OR 10:30", &["punctuation"]),
    ("“apple pie” AND （tea）", "\"apple pie\" AND tea", &[]),
    ("NOT tea", "", &["unanchored-not"]),
    ("tea OR NOT milk", "", &["unanchored-not"]),
    ("authorGender:F", "", &["not-inferred"]),
    ("", "", &["empty"]),
    ("()", "", &["empty-group", "empty"]),
    ("AND", "", &["empty"]),
    ("apple AND (juice", "apple AND juice", &["unclosed"]),
    ("apple AND juice)", "apple AND juice", &["unopened-bracket"]),
    ("apple AND \"juice", "apple AND \"juice\"", &["unclosed"]),
];

const TALKWALKER: &[Row] = &[
    ("apple AND juice", "apple AND juice", &[]),
    ("apple AND NOT juice", "apple AND NOT juice", &[]),
    ("apple -juice", "apple AND NOT juice", &[]),
    ("apple -\"apple juice\"", "apple AND NOT \"apple juice\"", &[]),
    ("apple AND (juice OR cake)", "apple AND (juice OR cake)", &[]),
    ("apple NEAR juice", "apple NEAR/15 juice", &[]),
    ("apple NEAR/3 juice", "apple NEAR/3 juice", &[]),
    ("apple ONEAR/3 juice", "apple NEAR/3f juice", &[]),
    (
        "(a OR b) NEAR/3 (c OR \"d e\")",
        "(a OR b) NEAR/3 (c OR \"d e\")",
        &[],
    ),
    ("a NEAR/0 b", "a NEAR/1 b", &["near-distance"]),
    ("a SENTENCE b", "a AND b", &["sentence"]),
    ("(a OR b) OSENTENCE c", "(a OR b) AND c", &["sentence"]),
    ("\"apple juice\"", "\"apple juice\"", &[]),
    ("\"apple juice\"~5", "\"apple juice\"~5", &[]),
    ("\"a b c\"~5", "\"a b c\"~5", &["tilde-count"]),
    ("\"a b c\"~1", "\"a b c\"~2", &["tilde-count"]),
    ("\"a b\"~4 NEAR/3 c", "(\"a\" NEAR/4 \"b\") NEAR/3 c", &[]),
    ("\"car sharing\"~", "\"car sharing\" OR carsharing", &[]),
    ("luxemb*", "luxemb*", &[]),
    ("reali?ation", "reali?ation", &[]),
    ("roam~1", "roam", &["fuzzy"]),
    ("élève", "eleve", &[]),
    ("\"Crème brûlée\"", "\"creme brulee\"", &[]),
    ("+\"l'oréal\"", "l'oréal", &[]),
    ("++\"L'Oréal\"", "{L'Oréal}", &[]),
    ("++BT", "{BT}", &[]),
    ("+AT&T", "AT&T", &[]),
    ("title:sixt", "title:sixt", &[]),
    ("content:(a AND b)", "text:(a AND b)", &[]),
    ("author:Ann", "author:ann", &["author"]),
    ("authorshort:ann_1975", "author:ann_1975", &["case"]),
    ("mention:@ann", "at_mentions:ann", &["case"]),
    ("hashtag:#tea", "hashtags:tea", &["case"]),
    ("lang:de AND tea", "lang:de AND tea", &[]),
    ("lang:(de OR fr) AND tea", "lang:(de OR fr) AND tea", &[]),
    ("sourcecountry:de AND tea", "country:de AND tea", &["country"]),
    ("authorcountry:fr AND tea", "country:fr AND tea", &[]),
    ("site:\"http://www.a.example\"", "site:a.example", &[]),
    ("domainurl:reddit.com AND tea", "source:reddit AND tea", &[]),
    (
        "sourcetype:SOCIALMEDIA_TWITTER AND tea",
        "source:x AND tea",
        &["source"],
    ),
    ("tea AND sourcetype:BLOG", "tea", &["bad-value"]),
    ("tea -is:retweet", "tea AND NOT kind:repost", &[]),
    ("tea AND is:comment", "tea AND kind:comment", &[]),
    ("tea AND is:twitter_reply", "tea AND source:x AND kind:reply", &[]),
    ("tea AND is:question", "tea", &["bad-value"]),
    ("tea AND contains:video", "tea AND has:video", &[]),
    ("tea AND posttype:LINK", "tea AND has:link", &["posttype"]),
    ("tea AND followers:>1000", "tea AND followers:[1001 TO *]", &[]),
    ("tea AND followers:<=10", "tea AND followers:[* TO 10]", &[]),
    ("tea AND engagement:>100", "tea", &["view-filter"]),
    ("tea AND sentiment:<0", "tea", &["view-filter"]),
    ("tea AND gender:male", "tea", &["not-inferred"]),
    ("tea AND image:apple", "tea", &["image"]),
    ("tea AND custom.shop:\"x y\"", "tea", &["unknown-field"]),
    (
        "tea site:a.example site:b.example",
        "tea AND site:a.example AND site:b.example",
        &["implicit-and"],
    ),
    ("a OR b AND c", "a OR (b AND c)", &["mixed-and-or"]),
    ("#tea OR @acme OR $TEA", "#tea OR @acme OR $TEA", &[]),
    ("NOT coupons", "", &["unanchored-not"]),
];

const MELTWATER: &[Row] = &[
    ("apple AND juice", "apple AND juice", &[]),
    ("apple and juice or cake", "(apple AND juice) OR cake", &[]),
    ("apple Or juice", "apple OR juice", &[]),
    ("apple OR pear AND juice", "apple OR (pear AND juice)", &[]),
    ("apple OR pear NOT juice", "apple OR (pear AND NOT juice)", &[]),
    (
        "apple AND (watch OR iwatch) NOT (iphone or \"apple sauce\" OR \"apple orchard*\")",
        "apple AND (watch OR iwatch) AND NOT (iphone OR \"apple sauce\" OR \"apple orchard*\")",
        &[],
    ),
    ("\"sailboat\" AND \"racing\"", "\"sailboat\" AND \"racing\"", &[]),
    ("apple NEAR watch", "apple NEAR/5 watch", &[]),
    ("apple near/10 watch", "apple NEAR/11 watch", &[]),
    ("apple ONEAR watch", "apple NEAR/5f watch", &[]),
    ("apple onear/10 watch", "apple NEAR/11f watch", &[]),
    (
        "(a OR b) NEAR/3 (c OR \"d e\")",
        "(a OR b) NEAR/4 (c OR \"d e\")",
        &[],
    ),
    (
        "apple NEAR/3 (b AND c)",
        "(apple NEAR/4 b) AND (apple NEAR/4 c)",
        &["near-and"],
    ),
    ("internat*", "internat*", &[]),
    ("shop* NEAR center*", "shop* NEAR/5 center*", &[]),
    ("wom?n", "wom?n", &[]),
    ("tea or D*C*", "tea", &["short-wildcard"]),
    ("title:apple", "title:apple", &[]),
    ("TITLE:(apple AND juice)", "title:(apple AND juice)", &[]),
    ("ingress:apple", "apple", &["ingress"]),
    ("ingress:(apple near juice)", "apple NEAR/5 juice", &["ingress"]),
    (
        "(apple OR watch)^9 AND tea",
        "(apple OR watch) AND tea",
        &["preference"],
    ),
    ("apple^10 OR pear^9", "apple OR pear", &["preference"]),
    ("from:acme", "author:acme", &["undocumented"]),
    ("to:@acme", "replyTo:acme", &["undocumented"]),
    ("tea AND country:us", "tea AND country:us", &["undocumented"]),
    ("tea AND country:\"United States\"", "tea", &["bad-value"]),
    ("tea AND language:en", "tea AND lang:en", &["undocumented"]),
    ("tea AND bio:farmer", "tea", &["no-equivalent"]),
    ("tea AND minoccur:3", "tea", &["undocumented"]),
    ("tea AND startswith:\"a b\"", "tea", &["undocumented"]),
    ("tea AND sentiment:negative", "tea", &["view-filter"]),
    ("tea AND reach:>5000", "tea", &["view-filter"]),
    ("tea AND city:Paris", "tea", &["place"]),
    ("apple juice", "apple AND juice", &["implicit-and"]),
    ("apple -juice", "apple AND NOT juice", &["minus"]),
    ("café", "café", &["diacritics"]),
    ("#tea OR @acme", "#tea OR @acme", &[]),
    ("not tea", "", &["unanchored-not"]),
    ("((((tea))))", "tea", &[]),
];

fn table(dialect: Dialect) -> &'static [Row] {
    match dialect {
        Dialect::Brandwatch => BRANDWATCH,
        Dialect::Talkwalker => TALKWALKER,
        Dialect::Meltwater => MELTWATER,
    }
}

#[test]
fn queries_become_what_the_tables_say() {
    for dialect in Dialect::ALL {
        let mut wrong = Vec::new();
        for (source, expected, codes) in table(dialect) {
            let t = translate(dialect, source);
            let found: Vec<&str> = t.losses.iter().map(|l| l.code).collect();
            let query = t.query.unwrap_or_default();
            if query != *expected || found != *codes {
                wrong.push(format!(
                    "{source:?}: {query:?} {found:?}, not {expected:?} {codes:?}"
                ));
            }
        }
        assert!(wrong.is_empty(), "{}:\n{}", dialect.name(), wrong.join("\n"));
    }
}

/// Whether the query has nothing but forms that were there before the whole language.
fn is_old(query: &str) -> bool {
    let newer = [
        "title:",
        "text:",
        "country:",
        "hashtags:",
        "at_mentions:",
        "replyTo:",
        "url:",
        "links:",
        "has:",
        "followers:",
        "?",
    ];
    // A star is a prefix only behind three letters and before the end of a word.
    let stars = query.match_indices('*').all(|(i, _)| {
        let ends = query[i + 1..]
            .chars()
            .next()
            .is_none_or(|c| matches!(c, ' ' | ')' | '"'));
        let letters = query[..i]
            .chars()
            .rev()
            .take_while(|c| c.is_alphanumeric())
            .count();
        ends && letters >= 3
    });
    stars && !newer.iter().any(|n| query.contains(n))
}

fn parses(query: &str) -> bool {
    let parsed = parse(query);
    if let Err(problems) = &parsed {
        println!("{query}: {problems:?}");
    }
    parsed.is_ok()
}

#[test]
fn what_has_the_old_forms_only_parses() {
    for dialect in Dialect::ALL {
        let rows = table(dialect).iter().map(|(_, query, _)| *query);
        for query in rows.filter(|q| !q.is_empty() && is_old(q)) {
            assert!(parses(query), "{query}");
        }
    }
}

#[test]
fn every_translation_parses_without_errors() {
    for dialect in Dialect::ALL {
        let rows = table(dialect).iter().map(|(_, query, _)| (*query).to_owned());
        let shown = examples(dialect).filter_map(|(_, t)| t.query);
        for query in rows.chain(shown).filter(|q| !q.is_empty()) {
            let errors: Vec<_> = check(&query).into_iter().filter(|p| p.is_error()).collect();
            assert!(errors.is_empty(), "{query}: {errors:?}");
        }
    }
}

#[test]
fn every_example_of_the_reference_leaves_a_query() {
    for dialect in Dialect::ALL {
        for (source, t) in examples(dialect) {
            assert!(t.query.is_some(), "{source}: {:?}", t.losses);
        }
    }
}

#[test]
fn a_loss_says_what_leaving_it_out_does() {
    let message = |q: &str| translate(Dialect::Brandwatch, q).losses[0].message.clone();
    assert!(message("tea AND rating:3").ends_with("finds more"));
    assert!(message("tea OR rating:3").ends_with("finds less"));
    assert!(message("tea NOT (milk OR rating:3)").ends_with("finds more"));
    assert!(message("tea NOT (milk AND rating:3)").ends_with("finds less"));
    assert!(message("tea AND (rating:3 OR rating:4)").ends_with("finds more"));
}

#[test]
fn a_translation_without_some_of_its_source_is_partial() {
    let partial = |q: &str| translate(Dialect::Brandwatch, q).is_partial();
    assert!(partial("tea AND rating:3") && partial("NOT tea") && partial(""));
    assert!(!partial("\"tea milk\"~3") && !partial("tea milk"));
}

#[test]
fn limits_are_losses() {
    let codes = |q: &str| -> Vec<&str> {
        translate(Dialect::Meltwater, q)
            .losses
            .iter()
            .map(|l| l.code)
            .collect()
    };
    assert_eq!(codes(&"word OR ".repeat(4_000)), ["too-long"]);
    assert!(codes(&format!("{}a{}", "(".repeat(90), ")".repeat(90))).contains(&"too-deep"));
    assert!(codes(&"not ".repeat(90)).contains(&"too-deep"));
    assert!(codes(&"+".repeat(10_000)).contains(&"too-deep"));
    assert_eq!(codes(&"a".repeat(400_000)), ["too-long"]);
    let group = |letter: &str| {
        let words: Vec<String> = (0..60).map(|n| format!("{letter}{n}")).collect();
        format!("({})", words.join(" AND "))
    };
    assert_eq!(
        codes(&format!("{} NEAR {}", group("a"), group("b"))),
        ["near-operand"]
    );
}

fn piece() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(
        &[
            "tea",
            "milk",
            "\"",
            "(",
            ")",
            " AND ",
            " OR ",
            " NOT ",
            " and ",
            " NEAR/3 ",
            " near ",
            " ONEAR/2 ",
            "~",
            "~4",
            "^9",
            "-",
            "+",
            "++",
            "{",
            "}",
            "[1 TO 5]",
            "site:",
            "title:",
            "country:gbr",
            "followers:",
            "is:retweet",
            "*",
            "?",
            "wom?n",
            "mil*",
            "#",
            "@acme",
            "é",
            "茶",
            "🍵",
            " ",
            "  ",
            "<<<",
            ">>>",
            ":",
            "/",
            "&",
            "|",
            ",",
            "minoccur:2",
            " SENTENCE ",
            "\u{301}",
            "\u{200d}",
            "“",
            "”",
        ][..],
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn any_text_is_taken_and_what_comes_out_has_no_errors(
        pieces in proptest::collection::vec(piece(), 0..24),
        noise in ".{0,12}",
    ) {
        for source in [pieces.concat(), format!("{noise}{}", pieces.concat())] {
            for dialect in Dialect::ALL {
                let t = translate(dialect, &source);
                for loss in &t.losses {
                    prop_assert!(source.get(loss.at.clone()).is_some(), "{source:?}: {loss:?}");
                }
                match &t.query {
                    Some(q) if is_old(q) => prop_assert!(parses(q), "{dialect:?} {source:?}: {q}"),
                    Some(_) => {}
                    None => prop_assert!(t.losses.iter().any(|l| l.severity == LossKind::Dropped), "{source:?}"),
                }
            }
        }
    }
}

/// The guide's table of a product.
fn guide_table(dialect: Dialect) -> String {
    let mut out = String::from("| there | here | remark |\n|---|---|---|\n");
    let code = |s: &str| format!("`{}`", s.replace('|', "\\|"));
    for (source, t) in examples(dialect) {
        let query = t.query.as_deref().map_or("—".to_owned(), code);
        let remarks: Vec<String> = t
            .losses
            .iter()
            .map(|l| format!("*{}*: {}", l.severity.name(), l.message))
            .collect();
        out.push_str(&format!(
            "| {} | {query} | {} |\n",
            code(source),
            remarks.join("; ")
        ));
    }
    out
}

#[test]
fn the_guide_shows_the_translator_as_it_is() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/guides/moving-from-another-product.md"
    );
    let written = std::fs::read_to_string(path).unwrap();
    let mut renewed = written.clone();
    for dialect in Dialect::ALL {
        let mark = format!("<!-- {} -->\n", dialect.name());
        let start = renewed.find(&mark).unwrap() + mark.len();
        let end = start + renewed[start..].find("<!-- end -->").unwrap();
        renewed.replace_range(start..end, &guide_table(dialect));
    }
    if std::env::var_os("GROUNDSWELL_RENEW").is_some() {
        std::fs::write(path, &renewed).unwrap();
    } else {
        assert!(
            written == renewed,
            "the guide's tables are old: run this test with GROUNDSWELL_RENEW=1"
        );
    }
}
