//! The one tokeniser, as Tantivy wants it: at each slot the key and the plain key, each bare and
//! with its sigil.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use text::Tokens;

/// The name under which the schema knows it.
pub(super) const NAME: &str = "groundswell";

/// Feeds [`Tokens`] to the index. Positions are slots, so that a distance in the index is a distance to the matcher.
#[derive(Default)]
pub(super) struct SocialTokenizer {
    tokens: Tokens,
    token: Token,
}

impl Clone for SocialTokenizer {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// Which of a token's texts comes next.
#[derive(Clone, Copy)]
enum Form {
    Key,
    Sigil,
    Plain,
    SigilPlain,
}

/// The stream over one text.
pub(super) struct SocialStream<'a> {
    tokens: &'a Tokens,
    token: &'a mut Token,
    at: usize,
    form: Form,
}

impl Tokenizer for SocialTokenizer {
    type TokenStream<'a> = SocialStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> SocialStream<'a> {
        self.tokens.read(text);
        self.token.reset();
        SocialStream {
            tokens: &self.tokens,
            token: &mut self.token,
            at: 0,
            form: Form::Key,
        }
    }
}

impl TokenStream for SocialStream<'_> {
    fn advance(&mut self) -> bool {
        while let Some(t) = self.tokens.as_slice().get(self.at) {
            let out = &mut self.token.text;
            out.clear();
            match self.form {
                Form::Key => out.push_str(self.tokens.key(t)),
                Form::Sigil => out.push_str(self.tokens.sigil_key(t).unwrap_or_default()),
                Form::Plain => out.push_str(self.tokens.plain(t).unwrap_or_default()),
                Form::SigilPlain => {
                    if let Some(plain) = self.tokens.plain(t).filter(|_| t.sigil != 0) {
                        out.push(char::from(t.sigil));
                        out.push_str(plain);
                    }
                }
            }
            self.form = match self.form {
                Form::Key => Form::Sigil,
                Form::Sigil => Form::Plain,
                Form::Plain => Form::SigilPlain,
                Form::SigilPlain => {
                    self.at += 1;
                    Form::Key
                }
            };
            if !self.token.text.is_empty() {
                self.token.position = t.slot as usize;
                self.token.offset_from = t.start as usize;
                self.token.offset_to = t.end as usize;
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
