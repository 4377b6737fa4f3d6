//! Words that turn around what follows them, in the languages the sentiment model covers.

/// How many words a negation reaches when no punctuation ends it sooner (Pang, Lee and Vaithyanathan 2002 mark up to
/// the punctuation; posts often have none).
pub(super) const REACH: u8 = 4;

/// Whether `key`, a folded word, negates.
pub(crate) fn negates(key: &str) -> bool {
    if key.len() < 2 || key.len() > 14 {
        return false;
    }
    matches!(
        key,
        // English, Pidgin
        "not" | "no" | "never" | "nothing" | "nobody" | "none" | "neither" | "nor" | "cannot" | "cant" | "dont"
        | "wont" | "isnt" | "didnt" | "doesnt" | "wasnt" | "arent" | "aint" | "without" | "hardly"
        // German
        | "nicht" | "nich" | "nie" | "kein" | "keine" | "keinen" | "keiner" | "nichts" | "ohne"
        // French
        | "ne" | "pas" | "jamais" | "rien" | "sans" | "aucun" | "aucune"
        // Spanish, Italian, Portuguese
        | "nunca" | "jamás" | "nada" | "ni" | "sin" | "tampoco" | "non" | "mai" | "niente" | "nessuno" | "senza"
        | "não" | "nao" | "nem" | "sem"
        // Russian
        | "не" | "нет" | "никогда" | "ничего" | "без" | "ни"
        // Arabic
        | "لا" | "لم" | "لن" | "ليس" | "ما" | "مش" | "مو" | "بدون" | "ماشي"
        // Hindi, in both scripts
        | "नहीं" | "मत" | "nahi" | "nahin" | "nhi" | "mat"
        // Indonesian
        | "tidak" | "bukan" | "jangan" | "tak" | "gak" | "ga" | "nggak" | "enggak" | "belum" | "tanpa"
        // Hausa, Swahili, Yoruba, Igbo
        | "ba" | "babu" | "si" | "hapana" | "kò" | "kì" | "kii"
    )
}
