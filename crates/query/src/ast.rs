//! The syntax tree of a query: what the matcher, the index and the plain evaluator all compile.

pub use crate::field::FieldName;
use std::sync::Arc;
use text::TokenKind;

/// The sign in front of a tag, a handle or a cashtag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sigil {
    /// `#`
    Tag,
    /// `@`
    Handle,
    /// `$`
    Cash,
}

impl Sigil {
    /// The sign itself.
    pub fn as_char(self) -> char {
        match self {
            Sigil::Tag => '#',
            Sigil::Handle => '@',
            Sigil::Cash => '$',
        }
    }

    /// The sigil a token of the tokeniser carries.
    pub fn of(byte: u8) -> Option<Self> {
        match byte {
            b'#' => Some(Sigil::Tag),
            b'@' => Some(Sigil::Handle),
            b'$' => Some(Sigil::Cash),
            _ => None,
        }
    }
}

/// How a word is compared with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// The folded key, or the token's key without diacritics or skin tones.
    Whole,
    /// A token that begins with the key.
    Prefix,
    /// The surface with its case.
    Case,
    /// A token whose whole key, or plain key, fits the pattern in the key: `*` stands for any characters or none, `?`
    /// for one. A pattern with a star at its end only is a [`Form::Prefix`].
    Glob,
}

/// One word of a query. It tests one token.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Word {
    /// As written, NFKC.
    pub surface: String,
    /// The match key ([`text::fold`] of the surface), without the sigil; the pattern of a [`Form::Glob`], the begin of a
    /// [`Form::Prefix`].
    pub key: String,
    /// The sigil the token must carry; `None` takes any and none.
    pub sigil: Option<Sigil>,
    /// What the tokeniser calls it.
    pub kind: TokenKind,
    /// How it is compared.
    pub form: Form,
}

/// Tokens that follow each other with exactly the written punctuation between them: `AT&T`, `7-Eleven`, a run of
/// Chinese characters, or just one word.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Part {
    /// What stands right before the first token, as in `.NET`.
    pub lead: String,
    /// The words, at least one.
    pub words: Vec<Word>,
    /// What stands between them: one fewer than words.
    pub gaps: Vec<String>,
    /// What stands right after the last token, as in `C++`.
    pub trail: String,
    /// Whether no word character may follow: a tag in a script without spaces is compared whole.
    pub closed: bool,
}

impl Part {
    /// A part of one word and nothing else.
    pub fn word(word: Word) -> Self {
        Self {
            lead: String::new(),
            words: vec![word],
            gaps: Vec::new(),
            trail: String::new(),
            closed: false,
        }
    }

    /// The word, where the part is one word without punctuation.
    pub fn as_word(&self) -> Option<&Word> {
        let plain = self.words.len() == 1 && self.lead.is_empty() && self.trail.is_empty() && !self.closed;
        plain.then(|| &self.words[0])
    }
}

/// How far apart the two sides of a NEAR may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reach {
    /// Words from the end of one to the begin of the other, at most: neighbours are 1 apart.
    pub words: u32,
    /// Whether the left side must come first.
    pub ordered: bool,
}

/// A part of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Region {
    /// The headline.
    Title,
    /// The text.
    Text,
}

impl Region {
    /// Its name in a query.
    pub fn name(self) -> &'static str {
        match self {
            Region::Title => "title",
            Region::Text => "text",
        }
    }
}

/// A node of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Node {
    /// One word anywhere.
    Word(Word),
    /// Parts at following places: a quoted phrase, or one part that is more than a word.
    Phrase(Vec<Part>),
    /// `"…"~n`: every part, at different places in any order, all within a stretch whose ends are at most `n` apart.
    Together {
        /// Two or more.
        parts: Vec<Part>,
        /// From the begin of the first to the end of the last, in words.
        words: u32,
    },
    /// A chain `A NEAR/n B NEAR/m C`: an occurrence of each, each in reach of the one before.
    Near {
        /// The first operand.
        first: Box<Node>,
        /// The others, each with its reach from the one before.
        rest: Vec<(Reach, Node)>,
    },
    /// All of them.
    And(Vec<Node>),
    /// Any of them.
    Or(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
    /// The field has one of the values ([`FieldName::normalise`]d).
    Field {
        /// Which field.
        name: FieldName,
        /// One or more.
        values: Vec<String>,
    },
    /// `followers:[from TO to]`: the author's followers, both ends included.
    Followers {
        /// At least; 0 where `*` was written.
        from: u64,
        /// At most; [`u64::MAX`] where `*` was written.
        to: u64,
    },
    /// `title:…` or `text:…`: holds of that part of the post alone. No fields inside.
    In {
        /// Which part.
        region: Region,
        /// What must hold there.
        node: Box<Node>,
    },
    /// `list:name`: the list as it was when the query was read.
    List {
        /// The list's name.
        name: String,
        /// Its terms, joined by OR; shared by all queries that were read with it.
        node: Arc<Node>,
    },
}

impl Node {
    /// The conjunction, flat; one child stands for itself.
    pub fn and(children: impl IntoIterator<Item = Node>) -> Node {
        let mut flat = Vec::new();
        for child in children {
            if let Node::And(inner) = child {
                flat.extend(inner)
            } else {
                flat.push(child)
            }
        }
        if flat.len() == 1 {
            flat.remove(0)
        } else {
            Node::And(flat)
        }
    }

    /// The disjunction, flat; one child stands for itself.
    pub fn or(children: impl IntoIterator<Item = Node>) -> Node {
        let mut flat = Vec::new();
        for child in children {
            if let Node::Or(inner) = child {
                flat.extend(inner)
            } else {
                flat.push(child)
            }
        }
        if flat.len() == 1 {
            flat.remove(0)
        } else {
            Node::Or(flat)
        }
    }

    /// The negation; a double one cancels.
    #[allow(clippy::should_implement_trait, reason = "a constructor, not an operator")]
    pub fn not(child: Node) -> Node {
        if let Node::Not(inner) = child {
            *inner
        } else {
            Node::Not(Box::new(child))
        }
    }

    /// The parts as a word where they are just one, else as a phrase.
    pub fn phrase(mut parts: Vec<Part>) -> Node {
        if parts.len() == 1 && parts[0].as_word().is_some() {
            return Node::Word(parts.remove(0).words.remove(0));
        }
        Node::Phrase(parts)
    }

    /// Whether it has places in the text, so that NEAR can measure from it.
    pub fn is_positional(&self) -> bool {
        match self {
            Node::Word(_) | Node::Phrase(_) | Node::Near { .. } => true,
            Node::Or(children) => children.iter().all(Node::is_positional),
            Node::In { node, .. } => node.is_positional(),
            Node::List { node, .. } => node.is_positional(),
            _ => false,
        }
    }

    /// Whether some word or field must be present wherever it holds. Without one, a query would have to be tried on
    /// every post there is.
    pub fn is_anchored(&self) -> bool {
        match self {
            Node::Not(_) => false,
            Node::And(children) => children.iter().any(Node::is_anchored),
            Node::Or(children) => !children.is_empty() && children.iter().all(Node::is_anchored),
            Node::In { node, .. } => node.is_anchored(),
            Node::List { node, .. } => node.is_anchored(),
            _ => true,
        }
    }

    /// How many words and field values it tests. A list has a limit of its own and counts a hundredth of its terms.
    pub fn size(&self) -> usize {
        let parts = |p: &[Part]| p.iter().map(|p| p.words.len()).sum();
        match self {
            Node::Word(_) | Node::Followers { .. } => 1,
            Node::List { node, .. } => 1 + node.size() / 100,
            Node::Phrase(p) | Node::Together { parts: p, .. } => parts(p),
            Node::Near { first, rest } => first.size() + rest.iter().map(|(_, n)| n.size()).sum::<usize>(),
            Node::And(c) | Node::Or(c) => c.iter().map(Node::size).sum(),
            Node::Not(c) | Node::In { node: c, .. } => c.size(),
            Node::Field { values, .. } => values.len(),
        }
    }
}
