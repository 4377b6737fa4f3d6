//! Where posts come from.

use crate::{let_in, raw};
use post::{Place, PlaceEvidence};
use proptest::prelude::*;
use serde_json::json;

/// What authors write, and the country and region it names; `-` for none.
const STATED: &str = "
Berlin                          | DE State of Berlin
berlin, germany                 | DE State of Berlin
Köln                            | DE North Rhine-Westphalia
Koeln                           | DE North Rhine-Westphalia
München, Bayern                 | DE Bavaria
Hamburg, Deutschland            | DE Hamburg
Bayern                          | DE Bavaria
Deutschland                     | DE
Alemania                        | DE
🇩🇪                              | DE
Berlin 🇩🇪                       | DE State of Berlin
Berlin, DE                      | DE State of Berlin
London                          | GB England
London, UK                      | GB England
London, England                 | GB England
London, Ontario                 | CA Ontario
London, ON                      | CA Ontario
Paris                           | FR Île-de-France
Paris, France                   | FR Île-de-France
Paris, Texas                    | US Texas
Paris, TX                       | US Texas
Los Angeles, CA                 | US California
Los Angeles, CA, USA            | US California
Austin TX                       | US Texas
New York                        | US New York
New York, NY                    | US New York
NYC                             | US New York
Brooklyn, New York              | US New York
Washington, DC                  | US District of Columbia
Birmingham, AL                  | US Alabama
Birmingham, England             | GB England
Cambridge, MA                   | US Massachusetts
Cambridge, UK                   | GB England
Springfield, IL                 | US Illinois
Atlanta, Georgia                | US Georgia
Tbilisi, Georgia                | GE Tbilisi
Georgia, USA                    | US Georgia
Sydney, Australia               | AU New South Wales
Perth, WA                       | AU Western Australia
Vancouver, BC                   | CA British Columbia
Vancouver, WA                   | US Washington
Auckland New Zealand            | NZ Auckland
Wien                            | AT Vienna
Zürich, Schweiz                 | CH Zurich
Genève                          | CH Geneva
Madrid, España                  | ES Madrid
Barcelona, Catalunya            | ES Catalonia
Milano, Italia                  | IT Lombardy
Roma                            | IT Lazio
São Paulo, Brasil               | BR São Paulo
Rio de Janeiro                  | BR Rio de Janeiro
Lisboa, Portugal                | PT Lisbon
Amsterdam, Nederland            | NL North Holland
Den Haag                        | NL South Holland
Москва                          | RU Moscow
Москва, Россия                  | RU Moscow
Київ, Україна                   | UA Kyiv City
東京                             | JP Tokyo
東京, 日本                        | JP Tokyo
大阪府                            | JP Osaka
서울                              | KR Seoul
北京                             | CN Beijing
القاهرة، مصر                    | EG Cairo
Αθήνα                           | GR Attica
मुंबई                             | IN Maharashtra
กรุงเทพมหานคร                     | TH Bangkok
תל אביב                         | IL Tel Aviv
İstanbul                        | TR Istanbul
📍 Lyon                         | FR Auvergne-Rhône-Alpes
living in Hamburg               | DE Hamburg
Greater London                  | GB England
Reading, UK                     | GB England
Nice, France                    | FR Provence-Alpes-Côte d'Azur
Scotland                        | GB Scotland
USA                             | US
United States of America        | US
the Netherlands                 | NL
Trinidad and Tobago             | TT
Kreuzberg, Berlin               | DE State of Berlin
Berlin / Hamburg                | DE
Mexico                          | MX
Ciudad de México                | MX Mexico City
-                               | -
Springfield                     | -
Georgia                         | -
DE                              | -
CA                              | -
Ontario, CA                     | -
Cambridge                       | -
Reading                         | -
Nice                            | -
Berlin | NYC                    | -
Berlin, NYC                     | -
London → Paris                  | -
London & Paris                  | -
USA/UK                          | -
🇩🇪🇫🇷                            | -
Berlin, France                  | -
Hogwarts                        | -
Hogwarts, Scotland              | -
the moon                        | -
everywhere                      | -
Everywhere and nowhere          | -
Planet Earth                    | -
your mom's house                | -
in your head                    | -
she/her                         | -
he/him, they/them               | -
coffee, books, cats, Paris      | -
überall                         | -
en todas partes                 | -
ask me later                    | -
12345                           | -
🌍                               | -
.                               | -
In the cloud                    | -
Internet                        | -
Europe                          | -
";

fn name(place: Option<Place>) -> String {
    let Some(place) = place else { return "-".to_owned() };
    let region = place.region.map_or_else(String::new, |r| format!(" {r}"));
    place.country + &region
}

#[test]
fn authors_are_taken_at_their_word_and_no_further() {
    let mut wrong = Vec::new();
    for line in STATED.lines().filter(|l| !l.is_empty()) {
        let (words, expected) = line.rsplit_once('|').unwrap();
        let found = name(Place::stated(words.trim()));
        if found != expected.trim() {
            wrong.push(format!("{}: {found}, not {}", words.trim(), expected.trim()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn place(value: serde_json::Value) -> Option<Place> {
    let_in(raw(value)).0.place
}

#[test]
fn the_strongest_evidence_wins() {
    let author = json!({"id": "1", "location": "Lyon"});
    let all = json!({"text": "a", "country": "de", "region": "Bayern", "author": author, "site_country": "PT", "community": "news.es"});
    let steps = [
        (None, "DE Bavaria", PlaceEvidence::Post),
        (Some("country"), "DE Bavaria", PlaceEvidence::Post),
        (Some("region"), "FR Auvergne-Rhône-Alpes", PlaceEvidence::Author),
        (Some("author"), "PT", PlaceEvidence::Site),
        (Some("site_country"), "ES", PlaceEvidence::Site),
    ];
    let mut value = all;
    let mut before = 1.0;
    for (without, expected, evidence) in steps {
        if let Some(field) = without {
            value.as_object_mut().unwrap().remove(field);
        }
        let found = place(value.clone()).unwrap();
        assert_eq!(found.evidence, evidence, "{value}");
        assert!(found.confidence <= before && found.confidence > 0.0);
        before = found.confidence;
        assert_eq!(name(Some(found)), expected);
    }
    value.as_object_mut().unwrap().remove("community");
    assert_eq!(place(value), None);
}

#[test]
fn countries_come_as_codes_and_as_names() {
    for (stated, expected) in [
        ("de", "DE"),
        ("UK", "GB"),
        ("DEU", "DE"),
        ("Deutschland", "DE"),
        ("QQ", "-"),
        ("Springfield", "-"),
        ("", "-"),
    ] {
        assert_eq!(
            name(place(json!({"text": "a", "country": stated}))),
            expected,
            "{stated}"
        );
    }
    let whole =
        |country: &str, region: &str| name(place(json!({"text": "a", "country": country, "region": region})));
    assert_eq!(whole("US", "Manhattan, NY"), "US New York");
    assert_eq!(whole("US", "a bar called Ontario"), "US");
    assert_eq!(whole("CA", "Ontario"), "CA Ontario");
}

#[test]
fn sites_belong_to_a_country_by_their_domain_alone() {
    for (community, expected) in [
        ("spiegel.example.de", "DE"),
        ("BBC.co.uk", "GB"),
        ("social.example.nl", "NL"),
        ("news.example.com", "-"),
        ("app.example.io", "-"),
        ("example.tv", "-"),
        ("example.me", "-"),
        ("go.example.co", "-"),
        ("germany", "-"),
        ("a talk.de x", "-"),
        (".de", "-"),
    ] {
        assert_eq!(
            name(place(json!({"text": "a", "community": community}))),
            expected,
            "{community}"
        );
    }
}

#[test]
fn language_and_names_say_nothing() {
    let author = json!({"id": "1", "handle": "berlin_jo", "name": "Jo from Berlin"});
    let post = json!({"text": "Guten Tag aus Berlin", "lang": "de", "lang_claimed": ["de-AT"], "author": author, "hashtags": ["Berlin"]});
    assert_eq!(place(post), None);
}

proptest! {
    #[test]
    fn anything_is_read_without_panic(words in "\\PC{0,300}") {
        if let Some(found) = Place::stated(&words) {
            prop_assert!(found.confidence > 0.0 && found.confidence <= 1.0);
            prop_assert_eq!(found.country.len(), 2);
        }
    }

    #[test]
    fn what_holds_no_place_gets_no_answer(words in "[bcdfghjklmnpqrstvwxz]{9,14}( [bcdfghjklmnpqrstvwxz]{9,14}){0,3}|[0-9 .:,/-]{0,40}|[#@!?…♥☀🎉🏳️‍🌈 ]{0,20}") {
        prop_assert_eq!(Place::stated(&words), None);
    }

    #[test]
    fn the_answer_is_the_gazetteers_not_the_authors(words in "(Köln|Paris|Austin TX|Москва|🇯🇵)[ ,|/]{1,3}[a-z]{0,12}") {
        if let Some(region) = Place::stated(&words).and_then(|p| p.region) {
            prop_assert!(["North Rhine-Westphalia", "Île-de-France", "Texas", "Moscow"].contains(&region.as_str()), "{}", region);
        }
    }
}
