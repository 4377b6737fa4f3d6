//! What stands around a hit and speaks against it.

use super::Secret;
use super::rules::Rule;
use regex::Regex;
use std::sync::LazyLock;

/// Words that announce a number which is nobody's.
static OTHER_NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words = "order|orders|tracking|parcel|ticket|invoice|case|reference|ref|isbn|issn|ean|upc|doi|serial|sku|model|item|article|patent|booking|batch|status|tweet|build|flight|\
        bestellung|bestellnummer|bestellnr|sendung|sendungsnummer|paket|rechnung|rechnungsnummer|artikel|artikelnummer|aktenzeichen|vorgangsnummer|auftrag|\
        commande|colis|suivi|facture|dossier|référence|billet|\
        pedido|seguimiento|envío|factura|referencia|expediente|boleto|\
        ordine|spedizione|tracciamento|fattura|pratica|codice|biglietto|\
        encomenda|rastreio|fatura|processo|protocolo|bilhete|\
        bestelling|zending|pakket|factuur|factuurnummer|bestelnummer|dossiernummer|kenmerk";
    // A word for "number" and one more short word may stand between.
    let number = "number|no|nr|num|nummer|numero|número|numéro|code|id";
    let between = r"[ .:#(°º-]";
    Regex::new(&format!(
        r"(?i)(?:^|[^\p{{L}}])(?:{words})(?:{between}{{1,3}}(?:{number}))?(?:{between}{{1,3}}\p{{L}}{{1,9}})?{between}{{0,4}}$"
    ))
    .ok()
});

static VERSION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words = "v|ver|version|versión|versione|versão|versie|release|build|firmware|update|driver|kernel|chrome|ios|android|windows|patch|section|§|chapter|abschnitt|kapitel|oid|rev";
    Regex::new(&format!(
        r"(?i)(?:^|[^\p{{L}}])(?:{words})[ .:]{{0,2}}(?:(?:ist|is|to|auf|à|a|la|naar) )?$"
    ))
    .ok()
});

/// How far back the words are looked for.
const BEFORE: usize = 40;

pub(super) fn denies(rule: &Rule, text: &str, start: usize, end: usize) -> bool {
    let before = &text[text.floor_char_boundary(start.saturating_sub(BEFORE))..start];
    let last = before.chars().next_back();
    let next = text[end..].chars().next();
    match rule.secret {
        // `@ann@social.example` is a handle, `https://ann:word@host/` a link.
        Secret::Email => matches!(last, Some('@' | '＠' | '﹫')) || in_authority(text, start),
        Secret::Iban | Secret::Coordinates => false,
        Secret::Address => goes_on(&text[end..]),
        Secret::Ip => {
            is_part(before, &text[end..], &['.']) || in_link(text, start) || matches(&VERSION, before)
        }
        Secret::NationalId => in_link(text, start),
        Secret::Card => touches(last, next) || in_link(text, start) || matches(&OTHER_NUMBER, before),
        Secret::Phone => {
            touches(last, next)
                || is_part(before, &text[end..], &['.', '-', '/'])
                || is_amount(&text[end..])
                || in_link(text, start)
                || (!rule.announced && matches(&OTHER_NUMBER, before))
        }
    }
}

fn matches(pattern: &LazyLock<Option<Regex>>, before: &str) -> bool {
    pattern.as_ref().is_some_and(|p| p.is_match(before))
}

/// Signs that make a number part of a tag, a handle, a price or a longer code.
fn touches(last: Option<char>, next: Option<char>) -> bool {
    last.is_some_and(|c| {
        c.is_alphanumeric() || matches!(c, '#' | '@' | '$' | '€' | '£' | '¥' | '_' | '=' | '&')
    }) || next.is_some_and(|c| c.is_alphanumeric() || matches!(c, '%' | '€' | '£' | '_' | '°'))
}

/// Part of a longer chain of numbers with one of these signs between them: of a version, an ISBN, a serial number.
fn is_part(before: &str, after: &str, signs: &[char]) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    before.strip_suffix(signs).is_some_and(|b| b.ends_with(digit))
        || after.strip_prefix(signs).is_some_and(|a| a.starts_with(digit))
}

/// A house number is no decimal, share or time.
fn goes_on(after: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    after.starts_with('%')
        || after.starts_with(" Uhr")
        || after
            .strip_prefix(['.', ',', ':'])
            .is_some_and(|a| a.starts_with(digit))
}

/// Between the scheme of a link and its first slash.
fn in_authority(text: &str, start: usize) -> bool {
    let word = text[..start]
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default();
    word.split_once("://")
        .is_some_and(|(_, rest)| !rest.contains('/'))
}

/// A unit behind a number: money or a count.
fn is_amount(after: &str) -> bool {
    let after = after.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    if after.starts_with(['€', '$', '£', '¥', '%']) {
        return true;
    }
    let word = after
        .find(|c: char| !c.is_alphabetic())
        .map_or(after, |end| &after[..end]);
    word.len() < 20 && UNITS.contains(&word.to_lowercase().as_str())
}

/// What is counted in millions, in en de fr es it pt nl.
const UNITS: [&str; 64] = [
    "eur",
    "usd",
    "gbp",
    "chf",
    "brl",
    "euro",
    "euros",
    "dollar",
    "dollars",
    "dollari",
    "dólares",
    "dolares",
    "pounds",
    "reais",
    "pesos",
    "people",
    "persons",
    "inhabitants",
    "users",
    "views",
    "votes",
    "followers",
    "likes",
    "downloads",
    "copies",
    "km",
    "tons",
    "jobs",
    "menschen",
    "einwohner",
    "stimmen",
    "aufrufe",
    "nutzer",
    "tonnen",
    "personnes",
    "habitants",
    "habit",
    "vues",
    "voix",
    "abonnés",
    "utilisateurs",
    "personas",
    "habitantes",
    "votos",
    "vistas",
    "visitas",
    "seguidores",
    "usuarios",
    "personnes",
    "persone",
    "abitanti",
    "voti",
    "visualizzazioni",
    "utenti",
    "pessoas",
    "visualizações",
    "utilizadores",
    "usuários",
    "mensen",
    "inwoners",
    "stemmen",
    "weergaven",
    "gebruikers",
    "volgers",
];

/// Numbers in links are ids of posts and pages far more often than anybody's number.
fn in_link(text: &str, start: usize) -> bool {
    let word = text[..start]
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default();
    word.contains("://") || word.contains("www.")
}
