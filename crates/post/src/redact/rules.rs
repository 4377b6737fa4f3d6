//! The patterns, most telling first: what an earlier rule took, a later one leaves.
//!
//! Word boundaries are ASCII ones (`(?-u:\b)`), which keep the fast engine of `regex` in play on any text.

use super::Secret;
use super::checks as c;
use super::gate::{AT, BRACKET_AT, CODE, COLONS, DEGREES, DOTTED, HOUSE, LONG};
use regex::Regex;
use std::sync::LazyLock;

pub(super) struct Rule {
    pub(super) secret: Secret,
    /// The signs without which the pattern cannot match.
    pub(super) gate: u8,
    /// The shape; the group `it`, where there is one, is what is replaced.
    pub(super) pattern: Regex,
    /// How many bytes of a match really are one, by checksums, counts of digits and the like.
    pub(super) holds: fn(&str) -> Option<usize>,
    /// Whether a word in the pattern says what the number is.
    pub(super) announced: bool,
}

/// Words that announce a phone number, in en de fr es it pt nl.
const TEL: &str = "tel|tél|telf|tlf|tfno|phone|fon|telefon|telefonnummer|handynummer|rufnummer|teléfono|telefone|telefono|telefoon|telefoonnummer|\
    téléphone|mobile|mobil|móvil|mobiel|portable|cellulare|cell|cel|celular|handy|whats ?app|zap|call|call me|text|sms|ruf|ruft|anrufen|llama|llámame|\
    appelez|appelle|chiama|chiamami|bel|bellen|ligue|liga|contact|my number|meine nummer|mon numéro|mi número|il mio numero|o meu número|meu número|mijn nummer";

const GAP: &str = r"(?: ?[./-] ?| )";

/// Lower-case words between a kind of street and its name.
const OF: &str = "(?:de |del |della |dello |delle |dei |degli |di |da |do |das |dos |du |des |la |las |le |les |los |el |l'|d'|l’|d’|van |von |der |den |het )";
/// A word of a street's name, with abbreviations before it (`St. Anne's`) or a day (`25 de Abril`).
const NAME: &str = r"(?:[0-9]{1,2} (?:de )?)?(?:\p{Lu}\p{L}{0,3}\. ?){0,2}\p{Lu}[\p{L}'’-]+";
/// What may stand before the word that ends in a kind of street, in German and Dutch.
const PRAENOMEN: &str = r"(?:(?:Burgemeester|Burg\.|Prof(?:essor|\.)|Dr\.|Dokter|Pastoor|Generaal|Koningin|Koning|Prinses|Prins|Graaf|President|Minister|Sint|St\.|Van|Lange|Korte|Oude|Nieuwe|Grote|Kleine|Eerste|Tweede|Derde|Alte|Neue|Große|Obere|Untere) (?:van der |van den |van de |van |de |den |der |het )?)?";
/// Where German streets without a kind lead.
const GOAL: &str = "(?:Markt|Platz|Bahnhof|Kirche|Berg|Bach|Wald|Hof|Tor|Park|See|Ring|Graben|Anger|Feld|Winkel|Garten|Dom|Rathaus|Linden|Ufer|Damm|Hang|Weiher|Brunnen|Hafen|Schloss|Mühle|Wall|Eck|Busch|Rain|Acker|Aue|Au|Weide|Kamp|Brink)";

type Row = (Secret, u8, String, fn(&str) -> Option<usize>, bool);

fn rows() -> Vec<Row> {
    let any: fn(&str) -> Option<usize> = c::whole;
    let phone = |shape: &str| format!(r"(?-u:\b)(?<it>{shape})(?-u:\b)");
    vec![
        (Secret::Email, AT, r"(?i)[\p{L}0-9_%+'.-]*[\p{L}0-9_+-]@[\p{L}0-9](?:[\p{L}0-9-]*[\p{L}0-9])?(?:\.[\p{L}0-9-]+)*\.[a-z]{2,24}".into(), any, true),
        (Secret::Email, BRACKET_AT, r"(?i)[a-z0-9._%+-]+ ?[\[(] ?(?:at|arroba|ät) ?[\])] ?[a-z0-9-]+(?: ?(?:[\[(] ?(?:dot|punto|punkt|point|ponto|punt) ?[\])]|\.) ?[a-z0-9-]{2,24})+".into(), any, true),
        (Secret::Iban, CODE, r"(?-u:\b)[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?-u:\b)".into(), c::iban, true),
        (Secret::NationalId, CODE, r"(?-u:\b)[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z](?-u:\b)".into(), c::codice_fiscale, true),
        (Secret::NationalId, LONG | CODE, r"(?-u:\b)(?:[0-9]{8}|[XYZ]-?[0-9]{7})-?[A-HJ-NP-TV-Z](?-u:\b)".into(), c::dni, true),
        (Secret::NationalId, LONG, r"(?-u:\b)[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}(?-u:\b)".into(), c::cpf, true),
        (Secret::NationalId, CODE, r"(?-u:\b)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D](?-u:\b)".into(), c::nino, true),
        (Secret::NationalId, LONG, r"(?-u:\b)756\.[0-9]{4}\.[0-9]{4}\.[0-9]{2}(?-u:\b)".into(), c::ahv, true),
        (Secret::NationalId, LONG, r"(?-u:\b)[0-9]{2}\.[01][0-9]\.[0-3][0-9]-[0-9]{3}\.[0-9]{2}(?-u:\b)".into(), c::rijksregister, true),
        (Secret::NationalId, LONG, r"(?-u:\b)[0-9]{3}-[0-9]{2}-[0-9]{4}(?-u:\b)".into(), c::ssn, true),
        (Secret::NationalId, LONG, r"(?-u:\b)[12] ?[0-9]{2} ?(?:0[1-9]|1[0-2]) ?[0-9AB]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}(?-u:\b)".into(), c::nir, true),
        (Secret::NationalId, LONG, r"(?i)(?-u:\b)(?:steuer-?id|steueridentifikationsnummer|idnr)[ .:]{0,3}(?:ist |lautet )?(?<it>[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3})(?-u:\b)".into(), c::steuer_id, true),
        (Secret::NationalId, LONG, r"(?i)(?-u:\b)(?:bsn|burgerservicenummer|nif|contribuinte)[ .:]{0,3}(?:is |é )?(?<it>[0-9]{3} ?[0-9]{3} ?[0-9]{3})(?-u:\b)".into(), c::nine_digit_id, true),
        (Secret::Card, LONG, r"(?-u:\b)(?:[0-9]{4}[ -][0-9]{4}[ -][0-9]{4}[ -][0-9]{4}(?:[ -][0-9]{3})?|[0-9]{4}[ -][0-9]{6}[ -][0-9]{4,5}|[0-9]{12,19})(?-u:\b)".into(), c::card, true),
        (Secret::Ip, DOTTED, r"(?-u:\b)(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?-u:\b)".into(), c::ipv4, true),
        (Secret::Ip, COLONS, r"(?i)(?-u:\b)(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?-u:\b)|(?-u:\b)(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}(?-u:\b)".into(), c::ipv6, true),
        (Secret::Coordinates, DEGREES, r"[-+]?[0-9]{1,2}\.[0-9]{4,}°? ?[NS]?(?:, ?| )[-+]?[0-9]{1,3}\.[0-9]{4,}(?:°? ?[EWO](?-u:\b))?".into(), c::coordinates, true),
        (Secret::Coordinates, DEGREES, "[0-9]{1,2}° ?[0-9]{1,2}['′] ?(?:[0-9]{1,2}(?:[.,][0-9]+)?(?:[\"″]|'') ?)?[NS],? [0-9]{1,3}° ?[0-9]{1,2}['′] ?(?:[0-9]{1,2}(?:[.,][0-9]+)?(?:[\"″]|'') ?)?[EWO]".into(), any, true),
        (Secret::Phone, LONG, format!(r"(?<it>\+[1-9][0-9]{{0,2}}{GAP}?(?:\([0-9]{{1,4}}\){GAP}?)?[0-9](?:{GAP}?[0-9]){{5,13}})(?-u:\b)"), c::international, true),
        (Secret::Phone, LONG, format!(r"(?i)(?-u:\b)(?:{TEL})(?-u:\b)[^0-9+\n]{{0,14}}(?<it>\(?[0-9](?:{GAP}?[()]?{GAP}?[0-9]){{6,13}})(?-u:\b)"), c::phone, true),
        (Secret::Phone, LONG, phone(&format!(r"00[1-9][0-9]{GAP}?[0-9](?:{GAP}?[0-9]){{7,11}}")), c::phone, false),
        (Secret::Phone, LONG, phone(r"(?:1[ .-])?[2-9][0-9]{2}(?: [2-9][0-9]{2} |\.[2-9][0-9]{2}\.|-[2-9][0-9]{2}-)[0-9]{4}"), c::phone, false),
        (Secret::Phone, LONG, r"(?<it>\([2-9][0-9]{2}\) ?[2-9][0-9]{2}[ .-][0-9]{4})(?-u:\b)".into(), c::phone, false),
        (Secret::Phone, LONG, r"(?<it>\([0-9]{2}\) ?(?:9 ?)?[0-9]{4}[ -][0-9]{4})(?-u:\b)".into(), c::phone, false),
        (Secret::Phone, LONG, phone("[1-9][0-9] 9 ?[0-9]{4}-[0-9]{4}"), c::phone, false),
        (Secret::Phone, LONG, r"(?<it>\(0[1-9][0-9]{0,3}\)(?:[ /-]{0,2}[0-9]){6,9})(?-u:\b)".into(), c::phone, false),
        (Secret::Phone, LONG, phone(&format!("0[1-9](?:{GAP}?[0-9]){{7,10}}")), c::national, false),
        // Spain and Portugal.
        (Secret::Phone, LONG, phone("[6-9][0-9]{2} [0-9]{2} [0-9]{2} [0-9]{2}|(?:[6-9][0-9]{2}|2[1-9][0-9]) [0-9]{3} [0-9]{3}|[89][1-8] [0-9]{3} [0-9]{2} [0-9]{2}|2[12] [0-9]{3} [0-9]{2} [0-9]{2}"), c::phone, false),
        // Italy's mobile phones.
        (Secret::Phone, LONG, phone("3[1-9][0-9](?:[ /-][0-9]{6,7}|[ .-][0-9]{3}[ .-][0-9]{3,4}| [0-9]{2} [0-9]{2} [0-9]{3})"), c::phone, false),
        (Secret::Address, HOUSE, format!(r"(?-u:\b)[0-9]{{1,4}}(?: ?(?:bis|ter|quater|[a-zA-Z]))?,? (?:[Gg]rande )?(?:[Rr]ue|[Aa]venue|[Aa]v\.|[Bb]oulevard|[Bb]d\.?|[Cc]hemin|[Ii]mpasse|[Aa]llées?|[Qq]uai|[Rr]oute|[Pp]lace|[Cc]ours|[Ss]quare|[Ss]entier|[Pp]assage|[Ff]aubourg|[Rr]uelle|[Vv]oie|[Ee]splanade) {OF}*{NAME}(?: {OF}*{NAME}){{0,2}}"), any, true),
        (Secret::Address, HOUSE, format!(r"(?-u:\b)(?:(?:Flat|Apt\.?|Apartment|Unit|Suite) [0-9]{{1,4}}[A-Z]?, )?[0-9]{{1,5}}[a-zA-Z]? (?:[NSEW]\.? )?(?:{NAME} ){{1,3}}(?:Street|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Boulevard|Blvd|Court|Ct|Crescent|Close|Terrace|Parkway|Pkwy|Highway|Hwy|Circle|Square|Gardens|Grove|Mews|Row|Way|St|Dr)(?-u:\b)"), c::street, true),
        (Secret::Address, HOUSE, format!(r"{PRAENOMEN}(?:\p{{Lu}}[\p{{L}}-]*(?:[Ss]traße|[Ss]trasse|[Ss]tr\.|[Ww]eg|[Gg]asse|[Aa]llee|[Pp]latz|[Dd]amm|[Uu]fer|[Ss]teig|[Pp]fad|[Cc]haussee|[Pp]romenade|[Tt]wiete|straat|laan|gracht|plein|kade|singel|dijk|dreef|steeg|plantsoen|steenweg)|\p{{Lu}}[\p{{L}}-]+ (?:Straße|Str\.|Allee|Platz|Weg|Ring|Gasse|Ufer|Damm|Chaussee)|Straße d(?:er|es) (?:[0-9]{{1,2}}\. )?\p{{Lu}}[\p{{L}}-]+|(?:A[mn](?: der| den)?|Im|In der|Auf de[rm]|Zu[mr]|Unter de[nr]) (?:\p{{Lu}}\p{{L}}+e[nrm] )?(?:\p{{Lu}}\p{{Ll}}+)?{GOAL}|Grote Markt) [0-9]{{1,4}}(?: ?[a-z])?(?-u:\b)"), c::house, true),
        (Secret::Address, HOUSE, format!(r"(?-u:\b)(?:[Cc]alle|[Cc]/|[Aa]venida|[Aa]vda\.?|[Aa]v\.|[Pp]laza|[Pp]aseo|[Cc]arrer|[Rr]onda del?|[Cc]amino|[Cc]arretera|[Cc]tra\.|[Gg]lorieta|[Pp]asaje|[Rr]ambla|[Tt]ravesía|[Rr]ua|R\.|[Tt]ravessa|[Pp]raça|[Aa]lameda|[Ee]strada|[Bb]eco|[Cc]alçada|Largo|[Vv]ia|[Vv]iale|[Pp]iazza|[Pp]iazzale|Corso|[Vv]icolo|[Ss]trada) ?{OF}*{NAME}(?: {OF}*{NAME}){{0,3}},? (?:n(?:[.ºo°]|úm\.?|úmero|um\.?|umero)* ?)?[0-9]{{1,4}}(?-u:\b)"), c::house, true),
    ]
}

/// A pattern that did not compile would be left out; a test counts them.
pub(super) static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let compile = |(secret, gate, pattern, holds, announced): Row| {
        Some(Rule {
            secret,
            gate,
            pattern: Regex::new(&pattern).ok()?,
            holds,
            announced,
        })
    };
    rows().into_iter().filter_map(compile).collect()
});

#[cfg(test)]
mod tests {
    #[test]
    fn every_pattern_compiles() {
        for row in super::rows() {
            assert!(regex::Regex::new(&row.2).is_ok(), "{}", row.2);
        }
        assert_eq!(super::RULES.len(), super::rows().len());
    }
}
