//! The colours of the product, as the web app has them in light (`crates/web/ui/src/tokens.css`); print is light.

/// A colour by what it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// A bar of no special meaning.
    Bar,
    /// What all of it is drawn in.
    Accent,
    /// The identity colour of a monitor, 0 to 7.
    Monitor(u8),
    /// Negative.
    Negative,
    /// Neutral.
    Neutral,
    /// Positive.
    Positive,
}

/// Red, green, blue.
pub(crate) type Rgb = [u8; 3];

pub(crate) const INK: Rgb = [0x18, 0x19, 0x1b];
pub(crate) const INK_2: Rgb = [0x54, 0x57, 0x5d];
pub(crate) const INK_3: Rgb = [0x69, 0x6c, 0x73];
pub(crate) const LINE: Rgb = [0xe8, 0xe7, 0xe3];
pub(crate) const LINE_STRONG: Rgb = [0xd5, 0xd4, 0xcf];
pub(crate) const SURFACE: Rgb = [0xff, 0xff, 0xff];
pub(crate) const WARN: Rgb = [0x8a, 0x5a, 0x00];
const ACCENT: Rgb = [0x3f, 0x4a, 0xc4];

const MONITORS: [Rgb; 8] = [
    [0x00, 0x84, 0x5c],
    [0xb8, 0x78, 0x00],
    [0xb0, 0x50, 0x8a],
    [0x27, 0x88, 0xc0],
    [0x85, 0x7a, 0x00],
    [0x5f, 0x63, 0x68],
    [0x00, 0x5a, 0x92],
    [0xbd, 0x4a, 0x00],
];

impl Colour {
    pub(crate) fn rgb(self) -> Rgb {
        match self {
            Colour::Bar => [0x80, 0x88, 0xb0],
            Colour::Accent => ACCENT,
            Colour::Monitor(n) => MONITORS[usize::from(n) % MONITORS.len()],
            Colour::Negative => [0xc4, 0x51, 0x1c],
            Colour::Neutral => [0x8b, 0x8d, 0x93],
            Colour::Positive => [0x2f, 0x6f, 0xb0],
        }
    }
}

/// The shade of a heat map at `part` of its most, from almost white to the accent.
pub(crate) fn shade(part: f64) -> Rgb {
    let part = part.clamp(0.0, 1.0);
    let mixed = |from: u8, to: u8| (f64::from(from) + (f64::from(to) - f64::from(from)) * part).round() as u8;
    let from = [0xf1, 0xf2, 0xf9];
    [0, 1, 2].map(|i| mixed(from[i], ACCENT[i]))
}

pub(crate) fn hex(colour: Rgb) -> String {
    let [r, g, b] = colour;
    format!("{r:02x}{g:02x}{b:02x}")
}
