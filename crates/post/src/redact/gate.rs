//! The pass over the bytes that decides which rules are worth running.

/// What a text holds, as bits; a rule names the bits it cannot do without.
#[derive(Clone, Copy)]
pub(super) struct Gate(u8);

/// An `@` inside a word.
pub(super) const AT: u8 = 1;
/// A bracket with something like `at` behind it.
pub(super) const BRACKET_AT: u8 = 2;
/// Seven digits that only separators of numbers stand between.
pub(super) const LONG: u8 = 4;
/// Three full stops between digits.
pub(super) const DOTTED: u8 = 8;
/// Two colons close together, or a chain of them.
pub(super) const COLONS: u8 = 16;
/// Two capital letters before a digit.
pub(super) const CODE: u8 = 32;
/// A degree sign, or four digits behind a full stop.
pub(super) const DEGREES: u8 = 64;
/// A digit and a capital letter: a street may be near.
pub(super) const HOUSE: u8 = 128;

impl Gate {
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut pass = Pass::default();
        for (i, &b) in bytes.iter().enumerate() {
            match b {
                b'0'..=b'9' => pass.digit(i, bytes),
                b'A'..=b'Z' => pass.letter(true),
                b'a'..=b'z' => pass.letter(false),
                b' ' | b'/' | b'(' | b')' | b'-' | b'+' | b'.' | b'@' | b':' | b'[' => pass.sign(i, b, bytes),
                b',' | b'!' | b'?' | b'\'' | b'"' | b'#' => pass.stop(),
                0xC2 if bytes.get(i + 1) == Some(&0xB0) => pass.bits |= DEGREES,
                128.. => pass.other(),
                _ => pass.stop(),
            }
        }
        if pass.capital && pass.any_digit {
            pass.bits |= HOUSE;
        }
        Self(pass.bits)
    }

    pub(super) fn is_shut(self) -> bool {
        self.0 == 0
    }

    /// Whether one of `bits` is there.
    pub(super) fn opens(self, bits: u8) -> bool {
        self.0 & bits != 0
    }
}

#[derive(Default)]
struct Pass {
    bits: u8,
    /// Digits of the number so far.
    digits: u32,
    /// Separators since its last digit.
    gap: u32,
    /// Full stops right between its digits.
    dots: u32,
    /// Digits since the last full stop; `None` before one.
    decimals: Option<u32>,
    colons: u32,
    capitals: u32,
    capital: bool,
    any_digit: bool,
}

impl Pass {
    fn digit(&mut self, at: usize, bytes: &[u8]) {
        self.any_digit = true;
        if self.capitals >= 2 || (self.capitals == 1 && matches!(bytes[at - 1], b'X'..=b'Z')) {
            self.bits |= CODE;
        }
        self.capitals = 0;
        self.gap = 0;
        self.digits += 1;
        if self.digits >= 7 {
            self.bits |= LONG;
        }
        if let Some(decimals) = &mut self.decimals {
            *decimals += 1;
            if *decimals >= 4 {
                self.bits |= DEGREES;
            }
        }
    }

    fn letter(&mut self, capital: bool) {
        self.end_number();
        self.capitals = if capital { self.capitals + 1 } else { 0 };
        self.capital |= capital;
    }

    fn other(&mut self) {
        self.end_number();
        self.capitals = 0;
        self.colons = 0;
        // Capitals beyond ASCII begin streets too.
        self.capital = true;
    }

    fn stop(&mut self) {
        self.end_number();
        self.capitals = 0;
        self.colons = 0;
    }

    fn end_number(&mut self) {
        self.digits = 0;
        self.dots = 0;
        self.decimals = None;
    }

    fn sign(&mut self, at: usize, b: u8, bytes: &[u8]) {
        // One space may stand between the capitals and the digit: `AB 12 34 56 C`.
        if b != b' ' || self.capitals != 2 || bytes[at - 1] == b' ' {
            self.capitals = 0;
        }
        self.gap += 1;
        if self.gap > 3 {
            self.digits = 0;
        }
        self.decimals = (b == b'.').then_some(0);
        self.dots = match b {
            b'.' if at > 0 && bytes[at - 1].is_ascii_digit() => self.dots + 1,
            _ => 0,
        };
        if self.dots >= 3 {
            self.bits |= DOTTED;
        }
        match b {
            b'@' if at > 0
                && (bytes[at - 1].is_ascii_alphanumeric()
                    || bytes[at - 1] >= 128
                    || matches!(bytes[at - 1], b'_' | b'-' | b'.' | b'+')) =>
            {
                self.bits |= AT
            }
            b'[' | b'(' if is_at(&bytes[at + 1..]) => self.bits |= BRACKET_AT,
            b':' => {
                self.colons += 1;
                if self.colons >= 5 || bytes.get(at + 1) == Some(&b':') {
                    self.bits |= COLONS;
                }
            }
            b' ' => self.colons = 0,
            _ => {}
        }
    }
}

/// `at`, `arroba` or `ät`.
fn is_at(rest: &[u8]) -> bool {
    match rest {
        [a, b, ..] => {
            (a | 0x20 == b'a' && matches!(b | 0x20, b't' | b'r')) || (*a == 0xC3 && matches!(b, 0xA4 | 0x84))
        }
        _ => false,
    }
}
