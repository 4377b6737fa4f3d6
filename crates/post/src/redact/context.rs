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
    Regex::new(&format!(
        r"(?i)(?:^|[^\p{{L}}])(?:{words})(?:[^\p{{L}}0-9][^0-9+\n]{{0,14}}|[ .:#-]*)$"
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
        Secret::Iban | Secret::Coordinates | Secret::Address => false,
        Secret::Ip => is_part(before, &text[end..]) || in_link(text, start) || matches(&VERSION, before),
        Secret::NationalId => in_link(text, start),
        Secret::Card => touches(last, next) || in_link(text, start) || matches(&OTHER_NUMBER, before),
        Secret::Phone => {
            touches(last, next)
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

/// Part of a longer chain of numbers and points.
fn is_part(before: &str, after: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    before.strip_suffix('.').is_some_and(|b| b.ends_with(digit))
        || after.strip_prefix('.').is_some_and(|a| a.starts_with(digit))
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
    let after = after.trim_start_matches(' ');
    let units = [
        "€",
        "$",
        "£",
        "EUR",
        "USD",
        "euro",
        "Euro",
        "dollar",
        "views",
        "votes",
        "Stimmen",
        "vues",
        "vistas",
        "habit",
        "Einwohner",
    ];
    units.iter().any(|u| after.starts_with(u))
}

/// Numbers in links are ids of posts and pages far more often than anybody's number.
fn in_link(text: &str, start: usize) -> bool {
    let word = text[..start]
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default();
    word.contains("://") || word.contains("www.")
}
