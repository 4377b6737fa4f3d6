//! The forms of the language, with an example of each.

use super::{Entry, Sample, Section};

const fn text(text: &'static str) -> Sample {
    Sample { text, about: &[] }
}

const fn post(text: &'static str, about: &'static [(&'static str, &'static str)]) -> Sample {
    Sample { text, about }
}

/// Every form.
pub const SECTIONS: &[Section] = &[WORDS, WILDCARDS, PHRASES, OPERATORS, PARTS, FIELDS, LISTS];

const WORDS: Section = Section {
    title: "Words",
    intro: "A word finds posts that hold it as a whole word. Upper and lower case are the same, and a word without \
            accents finds the accented one too. Words are cut out of queries and posts by the same rules. The words of \
            a link are not words of the text.",
    entries: &[
        Entry {
            form: "word",
            meaning: "The word, in any case, with or without `#`, `@` or `$` before it.",
            query: "apple",
            finds: text("Love my #Apple watch"),
            misses: text("pineapple juice"),
        },
        Entry {
            form: "cafe, café",
            meaning: "Without accents both ways of writing are found, with accents only that one.",
            query: "café",
            finds: text("Meet me at the CAFÉ"),
            misses: text("meet me at the cafe"),
        },
        Entry {
            form: "#tag",
            meaning: "The hashtag only. A camel-case tag is one word; see `hashtags:` for its parts.",
            query: "#acme",
            finds: text("new shoes #Acme"),
            misses: text("new shoes from Acme"),
        },
        Entry {
            form: "@name",
            meaning: "The handle only. Handles of people are pseudonyms in stored posts, and the query is translated, so \
                      that it still finds them.",
            query: "@acme",
            finds: text("thanks @acme"),
            misses: text("thanks acme"),
        },
        Entry {
            form: "$CASH",
            meaning: "The cashtag only.",
            query: "$ACME",
            finds: text("long $ACME this week"),
            misses: text("Acme is on sale"),
        },
        Entry {
            form: "{Word}",
            meaning: "The word, or several in a row, with exactly this case. No wildcards inside.",
            query: "{BT}",
            finds: text("my BT line is down"),
            misses: text("bt w, nice photo"),
        },
        Entry {
            form: "AT&T, C++, .NET, 7-Eleven",
            meaning: "Names with punctuation are taken as written. All apostrophes are one, and so are all dashes.",
            query: "AT&T",
            finds: text("switching to at&t"),
            misses: text("look at T shirts"),
        },
        Entry {
            form: "🔥",
            meaning: "Emoji are words. Without a skin tone all tones are found, with one only that.",
            query: "👍",
            finds: text("well done 👍🏽"),
            misses: text("well done 👎"),
        },
        Entry {
            form: "東京, สวัสดี, 안녕",
            meaning: "Words of scripts without spaces, and Korean ones, are found within longer words.",
            query: "東京",
            finds: text("昨日東京都へ行った"),
            misses: text("京都へ行った"),
        },
        Entry {
            form: "#東京",
            meaning: "A tag in such a script is compared whole, unless a `*` follows.",
            query: "#東京",
            finds: text("#東京 の夜"),
            misses: text("#東京都 の夜"),
        },
    ],
};

const WILDCARDS: Section = Section {
    title: "Wildcards",
    intro: "`*` stands for any characters of a word or none, `?` for exactly one. A word with a `*` needs three letters \
            beside it, one with `?` only needs two. They also work behind `#`, `@` and `$`, in phrases and beside NEAR. \
            In quotes a `?` at the end of a word is a question mark. Stored handles of people are pseudonyms, so a \
            wildcard behind `@` sees only the accounts of the public list.",
    entries: &[
        Entry {
            form: "begin*",
            meaning: "Words that begin so.",
            query: "disappoint*",
            finds: text("so disappointing"),
            misses: text("not a point in it"),
        },
        Entry {
            form: "*end",
            meaning: "Words that end so.",
            query: "*phone",
            finds: text("new smartphone"),
            misses: text("new phones"),
        },
        Entry {
            form: "*middle*",
            meaning: "Words that hold it anywhere.",
            query: "*berg*",
            finds: text("Heidelberger Schloss"),
            misses: text("ice cream"),
        },
        Entry {
            form: "in*side",
            meaning: "Anything in between.",
            query: "organi*ation",
            finds: text("organisation and organization"),
            misses: text("an organic ration"),
        },
        Entry {
            form: "gr?y",
            meaning: "One character, at any place.",
            query: "gr?y",
            finds: text("grey or gray"),
            misses: text("groovy"),
        },
    ],
};

const PHRASES: Section = Section {
    title: "Phrases and distance",
    intro: "Neighbouring words are one apart. Distances are measured from the end of one side to the begin of the other; \
            emoji take no place. Nothing reaches from the title into the text. `\"` may be any quotation mark.",
    entries: &[
        Entry {
            form: "\"two words\"",
            meaning: "The words in a row; the punctuation of sentences between them does not count.",
            query: "\"customer service\"",
            finds: text("Customer service? None."),
            misses: text("service for every customer"),
        },
        Entry {
            form: "\"two wor*\"",
            meaning: "Wildcards work in phrases.",
            query: "\"batter* li?e\"",
            finds: text("great battery life"),
            misses: text("battery power of a life"),
        },
        Entry {
            form: "\"words near\"~n",
            meaning: "All the words, in any order, within a stretch of n words from first to last. `n` is at most 1,000.",
            query: "\"screen broken\"~4",
            finds: text("broken: the whole screen"),
            misses: text("broken, and on top of it the screen"),
        },
        Entry {
            form: "A NEAR/n B",
            meaning: "Both sides, in any order, at most n words apart. Each side is a word, a phrase, an OR of them in \
                      brackets, or another NEAR in brackets.",
            query: "(refund OR \"money back\") NEAR/5 acme",
            finds: text("acme gave me my money back"),
            misses: text("money back? that is a thing I have never seen at all from acme"),
        },
        Entry {
            form: "A NEAR/nf B",
            meaning: "The same with A first.",
            query: "acme NEAR/3f recall",
            finds: text("Acme starts a recall"),
            misses: text("recall of Acme toys"),
        },
        Entry {
            form: "A ONEAR/n B",
            meaning: "Another way to write NEAR/nf.",
            query: "acme ONEAR/3 recall",
            finds: text("Acme starts a recall"),
            misses: text("recall of Acme toys"),
        },
        Entry {
            form: "A NEAR/n B NEAR/m C",
            meaning: "A chain: each side in reach of the one before.",
            query: "acme NEAR/2 phone NEAR/2 battery",
            finds: text("the acme phone has battery trouble"),
            misses: text("battery of a very cheap acme phone"),
        },
    ],
};

const OPERATORS: Section = Section {
    title: "Operators",
    intro: "Operators are written in capitals. NOT binds tightest, then NEAR, AND, OR; brackets say otherwise. Words side \
            by side without an operator are refused, because every other product reads them differently. Some word or \
            field must be present: a query of NOT alone is refused.",
    entries: &[
        Entry {
            form: "A AND B",
            meaning: "Both.",
            query: "acme AND recall",
            finds: text("recall at Acme"),
            misses: text("Acme opens a shop"),
        },
        Entry {
            form: "A OR B",
            meaning: "Either, or both.",
            query: "acme OR \"road runner\"",
            finds: text("saw a road runner"),
            misses: text("a runner on the road"),
        },
        Entry {
            form: "A NOT B, A AND NOT B, A -B",
            meaning: "The first without the second.",
            query: "jaguar NOT (car OR cars)",
            finds: text("a jaguar in the zoo"),
            misses: text("a new Jaguar car"),
        },
        Entry {
            form: "( … )",
            meaning: "Brackets, up to 64 deep.",
            query: "(cheap OR free) AND acme",
            finds: text("free acme samples"),
            misses: text("cheap flights"),
        },
        Entry {
            form: "<<< … >>>",
            meaning: "A comment, wherever a space may be.",
            query: "acme <<< the brand, not the word >>> AND {ACME}",
            finds: text("ACME is hiring"),
            misses: text("the acme of style"),
        },
    ],
};

const PARTS: Section = Section {
    title: "Parts of a post",
    intro: "Words are looked for in the title and in the text alike, unless a part is named. In front of brackets the name \
            holds for everything inside, which may be words, phrases, NEAR, AND, OR and NOT, but no fields.",
    entries: &[
        Entry {
            form: "title:A",
            meaning: "In the headline.",
            query: "title:(acme AND recall)",
            finds: post("Buyers should call.", &[("title", "Acme announces recall")]),
            misses: post("There is a recall.", &[("title", "Acme news")]),
        },
        Entry {
            form: "text:A",
            meaning: "In the text.",
            query: "text:\"acme phone\"",
            finds: post("My acme phone is hot.", &[("title", "Help")]),
            misses: post("It is hot.", &[("title", "My acme phone")]),
        },
    ],
};

const FIELDS: Section = Section {
    title: "Fields",
    intro: "A field is compared whole. Several values stand in brackets, joined by OR; a value with spaces or signs stands \
            in quotes. Where a post does not say its language, country, author or number of followers, neither the \
            condition nor its opposite holds: `NOT lang:de` does not find a post of unknown language.",
    entries: &[
        Entry {
            form: "lang:de, lang:(de OR fr)",
            meaning: "The language, ISO 639-1. `pt` also stands for `pt-br`.",
            query: "acme AND lang:(de OR pt)",
            finds: post("acme!", &[("lang", "pt-BR")]),
            misses: post("acme!", &[("lang", "en")]),
        },
        Entry {
            form: "country:us",
            meaning: "The country, ISO 3166-1 alpha-2.",
            query: "acme AND country:us",
            finds: post("acme!", &[("country", "US")]),
            misses: text("acme!"),
        },
        Entry {
            form: "source:bluesky",
            meaning: "The platform; `twitter` is another name of `x`.",
            query: "acme AND source:twitter",
            finds: post("acme!", &[("source", "x")]),
            misses: post("acme!", &[("source", "bluesky")]),
        },
        Entry {
            form: "kind:reply",
            meaning: "What was published: post, reply, repost, quote, comment, article, video or review.",
            query: "acme AND kind:(reply OR quote)",
            finds: post("acme!", &[("kind", "reply")]),
            misses: post("acme!", &[("kind", "post")]),
        },
        Entry {
            form: "author:name",
            meaning: "The author's handle.",
            query: "author:@acme",
            finds: post("good morning", &[("author", "Acme")]),
            misses: post("good morning acme", &[("author", "ann")]),
        },
        Entry {
            form: "site:example.com",
            meaning: "The subreddit, channel or site; a domain also stands for those under it.",
            query: "acme AND site:example.com",
            finds: post("acme!", &[("site", "news.example.com")]),
            misses: post("acme!", &[("site", "example.org")]),
        },
        Entry {
            form: "hashtags:tag",
            meaning: "A tag as a whole, or, in quotes, neighbouring parts of a camel-case tag.",
            query: "hashtags:\"black friday\"",
            finds: text("deals! #BlackFriday2026"),
            misses: text("black friday deals"),
        },
        Entry {
            form: "at_mentions:name",
            meaning: "An account the post names.",
            query: "at_mentions:(acme OR acmehelp)",
            finds: text("hey @AcmeHelp, any news?"),
            misses: text("acme, any news?"),
        },
        Entry {
            form: "replyTo:name",
            meaning: "The account that a reply answers.",
            query: "replyTo:acme",
            finds: post("@acme still broken", &[("replyTo", "acme")]),
            misses: text("@acme still broken"),
        },
        Entry {
            form: "url:example.com/path",
            meaning: "A link to this domain or those under it, with this begin of the path if one is given.",
            query: "url:\"example.com/shop\"",
            finds: text("look https://www.example.com/shop/shoes?id=7"),
            misses: text("look https://example.com/help"),
        },
        Entry {
            form: "links:word",
            meaning: "Words in a row of a link.",
            query: "links:\"acme recall\"",
            finds: text("look https://example.com/news/acme-recall-2026"),
            misses: text("acme recall"),
        },
        Entry {
            form: "has:link",
            meaning: "Whether there is a `link`, or `media`: an `image`, `video` or `audio`.",
            query: "acme AND has:link",
            finds: text("acme https://example.com"),
            misses: text("acme"),
        },
        Entry {
            form: "followers:[a TO b]",
            meaning: "The author's followers, both ends included; `*` leaves an end open. Also `followers:>=50k`, with \
                      `>`, `>=`, `<` or `<=`; `k` and `m` are thousands and millions.",
            query: "acme AND followers:[10k TO *]",
            finds: post("acme!", &[("followers", "25000")]),
            misses: post("acme!", &[("followers", "120")]),
        },
    ],
};

const LISTS: Section = Section {
    title: "Keyword lists",
    intro: "A list holds terms that many queries share, one a line: words, tags, handles, patterns, phrases. Several words \
            in a line are a phrase, empty lines are skipped and `<<< … >>>` is a comment. A list has at most 5,000 terms \
            and counts as one term of the query. The list `spam-words` of the example holds `free pills`, `#giveaway` \
            and `casino*`.",
    entries: &[Entry {
        form: "list:name",
        meaning: "Any term of the list. It may stand beside NEAR where all its terms are words and phrases.",
        query: "acme NOT list:spam-words",
        finds: text("acme opens a shop"),
        misses: text("acme #giveaway today"),
    }],
};
