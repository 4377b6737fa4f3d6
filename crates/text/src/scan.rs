//! The one pass that cuts a normalised text into tokens. Its rules are listed in `tokens.rs`.

use crate::chars::{ASCII_WORD, BORDER, CONT, Classes, EMOJI, FOLDED, PLAIN, SOLO, START};
use crate::emoji::{has_selector, has_skin_tone, key_chars, plain_chars, sequence_length};
use crate::fold::{fold_into, strip_into};
use crate::tokens::{Token, TokenKind, Tokens};
use crate::url::url_length;

pub(crate) struct Scan<'t> {
    text: &'t str,
    classes: Classes,
    at: usize,
    words: u32,
    /// Whether the character before `at` can continue a word: a sigil after it is none.
    after_word: bool,
}

/// What the characters of a word say about its keys.
struct Shape {
    end: usize,
    /// Bits that all characters beyond ASCII have.
    all: u8,
}

impl<'t> Scan<'t> {
    pub(crate) fn new(text: &'t str, classes: Classes) -> Self {
        Self {
            text,
            classes,
            at: 0,
            words: 0,
            after_word: false,
        }
    }

    pub(crate) fn run(mut self, out: &mut Tokens) {
        let bytes = self.text.as_bytes();
        let mut sigil = 0u8;
        while let Some(&b) = bytes.get(self.at) {
            if ASCII_WORD[b as usize] {
                self.word(sigil, out);
                sigil = 0;
            } else if b < 128 {
                sigil = if matches!(b, b'#' | b'@' | b'$') && !self.after_word {
                    b
                } else {
                    0
                };
                self.after_word = false;
                self.at += 1;
            } else {
                self.beyond_ascii(sigil, out);
                sigil = 0;
            }
        }
    }

    fn beyond_ascii(&mut self, sigil: u8, out: &mut Tokens) {
        let Some(c) = self.text[self.at..].chars().next() else {
            return;
        };
        let bits = self.classes.of(c);
        if bits & START != 0 {
            if bits & SOLO != 0 {
                self.solo(sigil, out)
            } else {
                self.word(sigil, out)
            }
        } else if bits & EMOJI != 0 {
            self.emoji(out);
        } else {
            self.after_word = bits & CONT != 0;
            self.at += c.len_utf8();
        }
    }

    fn word(&mut self, sigil: u8, out: &mut Tokens) {
        let bytes = self.text.as_bytes();
        let first = bytes[self.at];
        if matches!(first | 0x20, b'h' | b'w')
            && sigil == 0
            && !self.after_word
            && let Some(length) = url_length(&self.text[self.at..], self.classes)
        {
            self.finish(TokenKind::Url, 0, self.at + length, (0, 0), (0, 0), out);
            return;
        }
        let end = ascii_word_end(bytes, self.at);
        let sigil = if sigil == b'$' && !self.text[self.at..].starts_with(char::is_alphabetic) {
            0
        } else {
            sigil
        };
        if bytes.get(end).is_none_or(|b| *b < 128) {
            let range = (self.at as u32, end as u32);
            self.finish(TokenKind::Word, sigil, end, range, (0, 0), out);
        } else {
            let shape = self.word_shape(end);
            self.mixed(TokenKind::Word, sigil, shape, out);
        }
        self.after_word = true;
    }

    /// Follows a word from `end` on, to where a character does not continue it or needs a token of its own.
    fn word_shape(&self, mut end: usize) -> Shape {
        let bytes = self.text.as_bytes();
        let mut all = 0xFF;
        while let Some(c) = self.text[end..].chars().next().filter(|c| !c.is_ascii()) {
            let bits = self.classes.of(c);
            if bits & CONT == 0 || bits & (START | SOLO) == START | SOLO {
                break;
            }
            all &= bits;
            end = ascii_word_end(bytes, end + c.len_utf8());
        }
        Shape { end, all }
    }

    /// A character of a script without spaces, with the marks that follow it.
    fn solo(&mut self, sigil: u8, out: &mut Tokens) {
        let mut end = self.at;
        let mut all = 0xFF;
        for c in self.text[self.at..].chars() {
            let bits = self.classes.of(c);
            if end > self.at && bits & (START | CONT) != CONT {
                break;
            }
            all &= bits;
            end += c.len_utf8();
        }
        let sigil = if sigil == b'$' && !self.text[self.at..].starts_with(char::is_alphabetic) {
            0
        } else {
            sigil
        };
        // Marks of these scripts carry vowels and tones: there is no plain key.
        self.mixed(
            TokenKind::Char,
            sigil,
            Shape {
                end,
                all: all | PLAIN,
            },
            out,
        );
        self.after_word = true;
    }

    /// A token with characters beyond ASCII: its key is the one in the lowered text unless folding changes more.
    fn mixed(&mut self, kind: TokenKind, sigil: u8, shape: Shape, out: &mut Tokens) {
        let word = &self.text[self.at..shape.end];
        // A mark can compose with a letter only once that is in lower case: `J̌` has no composed form, `ǰ` is one.
        let composes = shape.all & BORDER == 0 && word.bytes().any(|b| b.is_ascii_uppercase());
        let as_lowered = shape.all & FOLDED != 0 && !composes;
        let key = if as_lowered {
            (self.at as u32, shape.end as u32)
        } else {
            if sigil != 0 {
                out.keys.push(char::from(sigil));
            }
            append(&mut out.keys, |keys| fold_into(word, keys))
        };
        let plain = if kind == TokenKind::Char || (as_lowered && shape.all & PLAIN != 0) {
            (0, 0)
        } else {
            plain_key(key, out)
        };
        self.finish(kind, sigil, shape.end, key, plain, out);
    }

    fn emoji(&mut self, out: &mut Tokens) {
        let rest = &self.text[self.at..];
        let end = self.at + sequence_length(rest);
        let sequence = &self.text[self.at..end];
        let key = if has_selector(sequence) {
            append(&mut out.keys, |keys| keys.extend(key_chars(sequence)))
        } else {
            (self.at as u32, end as u32)
        };
        let plain = if has_skin_tone(sequence) {
            append(&mut out.keys, |keys| keys.extend(plain_chars(sequence)))
        } else {
            (0, 0)
        };
        self.finish(TokenKind::Emoji, 0, end, key, plain, out);
    }

    fn finish(
        &mut self,
        kind: TokenKind,
        sigil: u8,
        end: usize,
        key: (u32, u32),
        plain: (u32, u32),
        out: &mut Tokens,
    ) {
        let gap = 2 * self.words;
        let slot = if kind == TokenKind::Emoji { gap } else { gap + 1 };
        self.words += slot - gap;
        let norm = (self.at as u32, end as u32);
        out.list.push(Token {
            slot,
            kind,
            sigil,
            start: norm.0,
            end: norm.1,
            norm,
            key,
            plain,
        });
        self.at = end;
        self.after_word = false;
    }
}

fn ascii_word_end(bytes: &[u8], from: usize) -> usize {
    let mut end = from;
    while end < bytes.len() && ASCII_WORD[bytes[end] as usize] {
        end += 1;
    }
    end
}

/// Lets `write` append to `keys` and gives the range of what it wrote.
fn append(keys: &mut String, write: impl FnOnce(&mut String)) -> (u32, u32) {
    let start = keys.len() as u32;
    write(keys);
    (start, keys.len() as u32)
}

/// The range of the plain key, appended where it differs from the key.
fn plain_key(key: (u32, u32), out: &mut Tokens) -> (u32, u32) {
    let written = &out.keys[key.0 as usize..key.1 as usize];
    out.scratch.clear();
    strip_into(written, &mut out.scratch);
    if out.scratch == written {
        return (0, 0);
    }
    let plain = &out.scratch;
    append(&mut out.keys, |keys| keys.push_str(plain))
}
