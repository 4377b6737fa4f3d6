//! Language codes as static strings: ISO 639-1 where it has one, else ISO 639-3.

/// The answer where nothing says which language it is (ISO 639-2).
pub const UNDETERMINED: &str = "und";

const CODES: &[&str] = &[
    "af", "am", "ar", "az", "be", "bg", "bn", "bo", "bs", "ca", "cs", "cy", "da", "de", "dv", "el", "en",
    "eo", "es", "et", "eu", "fa", "fi", "fr", "ga", "gl", "gu", "ha", "he", "hi", "hr", "hu", "hy", "id",
    "ig", "is", "it", "ja", "ka", "kk", "km", "kn", "ko", "la", "lg", "lo", "lt", "lv", "mi", "mk", "ml",
    "mn", "mr", "ms", "mt", "my", "nb", "ne", "nl", "nn", "om", "or", "pa", "pcm", "pl", "ps", "pt", "ro",
    "ru", "rw", "si", "sk", "sl", "sn", "so", "sq", "sr", "st", "sv", "sw", "ta", "te", "th", "ti", "tl",
    "tn", "tr", "ts", "tw", "uk", "und", "ur", "vi", "xh", "yo", "zh", "zu",
];

/// The static form of a code, if it is one that models here know.
pub fn code(lang: &str) -> Option<&'static str> {
    CODES.binary_search(&lang).ok().map(|i| CODES[i])
}
