//! The shipped weights: they load, fit their cards, and answer obvious cases as a reader would.

use models::card::Card;
use models::encoder::Encoder;
use models::{Ask, Files, Models, Polarity, Reader, Scratch};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::LazyLock;
use text::Tokens;

fn shipped(path: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../models")).join(path)).unwrap()
}

pub(crate) static MODELS: LazyLock<Models> = LazyLock::new(|| {
    let files = Files {
        language: shipped("language/weights.gsm").into(),
        panel: shipped("panel/weights.gsp").into(),
        encoder: Some((
            shipped("encoder/vocabulary.gst").into(),
            shipped("encoder/weights.gst").into(),
        )),
        blend: Some(shipped("blend/weights.gsb").into()),
        hashtags: Some(shipped("words/hashtags.gsw").into()),
    };
    Models::load(files).unwrap()
});

/// The shipped encoder, another time.
pub(crate) fn encoder() -> Encoder {
    Encoder::load(shipped("encoder/vocabulary.gst"), &shipped("encoder/weights.gst")).unwrap()
}

/// A post whose language is identified.
pub(crate) fn ask(text: &str) -> Ask<'_> {
    Ask {
        text: text.into(),
        lang: lang(text).into(),
        targets: Vec::new(),
        words: false,
    }
}

fn lang(text: &str) -> &'static str {
    MODELS
        .language
        .identify(&Tokens::of(text), &mut Scratch::new())
        .lang
}

/// As the app answers: the fast tier where it is sure, both elsewhere.
fn polarity(text: &str) -> Option<Polarity> {
    let (mut reader, ask) = (Reader::new(&MODELS), ask(text));
    let fast = reader.fast(&ask);
    let said = match fast.confidence() {
        Some(sure) if sure >= 0.85 => fast,
        _ => reader.full(&[&ask], &[&fast]).remove(0),
    };
    said.sentiment.map(|s| s.label)
}

#[test]
fn cards_belong_to_their_weights() {
    let (card, weights) = (shipped("language/card.json"), shipped("language/weights.gsm"));
    let loaded = Card::load(&card).unwrap();
    let id = MODELS.language.id();
    loaded.check(id, &weights).unwrap();
    assert_eq!(loaded.task, "language");
    assert!(loaded.calibration.ece < 0.04, "{}", loaded.calibration.ece);
    assert!(
        loaded.trained_on.iter().all(|s| !s.licence.is_empty()),
        "a set without licence"
    );
    assert!(!loaded.known_failures.is_empty());
    let mut other = weights.clone();
    *other.last_mut().unwrap() ^= 1;
    let wrong = loaded.check(id, &other).unwrap_err();
    assert!(wrong.to_string().contains("does not belong"), "{wrong}");
}

#[test]
fn every_task_of_both_tiers_has_a_card_of_these_weights() {
    let encoder = MODELS.encoder.as_ref().unwrap();
    for (folder, file, id) in [
        ("panel", "weights.gsp", MODELS.panel.id()),
        ("encoder", "weights.gst", encoder.id()),
    ] {
        let weights = shipped(&format!("{folder}/{file}"));
        let cards = Card::load_all(&shipped(&format!("{folder}/cards.json"))).unwrap();
        let tasks: Vec<&str> = cards.iter().map(|c| c.task.as_str()).collect();
        for task in ["sentiment", "target"]
            .iter()
            .chain(models::TASKS.iter().map(|(t, _)| t))
        {
            assert!(tasks.contains(task), "{id}: no card for {task}");
        }
        for card in &cards {
            card.check(id, &weights).unwrap();
            let unnamed = card.trained_on.iter().find(|s| s.licence.is_empty());
            assert_eq!(unnamed, None, "{id} {}: a set without licence", card.task);
            assert!(!card.known_failures.is_empty(), "{id} {}", card.task);
        }
    }
}

#[test]
fn languages_of_plain_sentences() {
    for (expected, text) in [
        (
            "en",
            "The delivery came two days late and nobody answered my mail",
        ),
        (
            "de",
            "Die Lieferung kam zwei Tage zu spät und niemand hat geantwortet",
        ),
        (
            "fr",
            "La livraison est arrivée avec deux jours de retard et personne ne répond",
        ),
        (
            "es",
            "El pedido llegó dos días tarde y nadie contesta mis mensajes",
        ),
        (
            "it",
            "La consegna è arrivata con due giorni di ritardo e nessuno risponde",
        ),
        (
            "pt",
            "A entrega chegou dois dias atrasada e ninguém responde às mensagens",
        ),
        (
            "nl",
            "De bezorging kwam twee dagen te laat en niemand geeft antwoord",
        ),
        (
            "sv",
            "Leveransen kom två dagar för sent och ingen svarar på mina mejl",
        ),
        (
            "pl",
            "Dostawa przyszła dwa dni później i nikt nie odpowiada na wiadomości",
        ),
        (
            "tr",
            "Kargo iki gün geç geldi ve kimse mesajlarıma cevap vermiyor",
        ),
        (
            "fi",
            "Toimitus saapui kaksi päivää myöhässä eikä kukaan vastaa viesteihin",
        ),
        (
            "id",
            "Kiriman datang terlambat dua hari dan tidak ada yang menjawab pesan saya",
        ),
        (
            "vi",
            "Đơn hàng đến trễ hai ngày và không ai trả lời tin nhắn của tôi",
        ),
        (
            "sw",
            "Mzigo ulifika siku mbili baadaye na hakuna mtu anayejibu ujumbe wangu",
        ),
        (
            "ru",
            "Доставка опоздала на два дня, и никто не отвечает на письма",
        ),
        (
            "uk",
            "Доставка запізнилася на два дні, і ніхто не відповідає на листи",
        ),
        ("ar", "وصل الطلب متأخرا يومين ولا أحد يرد على رسائلي"),
        ("fa", "بسته دو روز دیر رسید و هیچ کس به پیام‌های من جواب نمی‌دهد"),
        ("hi", "सामान दो दिन देर से आया और कोई जवाब नहीं दे रहा है"),
        ("el", "Η παράδοση έφτασε δύο μέρες αργά και κανείς δεν απαντά"),
        ("he", "המשלוח הגיע באיחור של יומיים ואף אחד לא עונה"),
        ("th", "ของมาส่งช้าไปสองวันและไม่มีใครตอบข้อความเลย"),
        ("ja", "配達が二日遅れて、誰も返事をくれません"),
        ("zh", "快递晚了两天，没有人回复我的消息"),
        ("ko", "배송이 이틀 늦었는데 아무도 답장을 안 해요"),
    ] {
        assert_eq!(lang(text), expected, "{text}");
    }
}

#[test]
fn handles_links_and_tags_do_not_decide_the_language() {
    assert_eq!(
        lang(
            "@the_english_times https://news.example/the-english-article Heute regnet es in Hamburg den ganzen Tag"
        ),
        "de"
    );
    for nothing in [
        "",
        "😍😍",
        "https://a.example/only-a-link",
        "@ann @bob",
        "12 345 !!!",
        "\u{202E}\u{200B}",
    ] {
        let said = MODELS
            .language
            .identify(&Tokens::of(nothing), &mut Scratch::new());
        assert_eq!((said.lang, said.confidence), ("und", 0.0), "{nothing:?}");
    }
}

#[test]
fn confidence_grows_with_the_text() {
    let confidence = |text: &str| {
        MODELS
            .language
            .identify(&Tokens::of(text), &mut Scratch::new())
            .confidence
    };
    assert!(confidence("no") < confidence("no me gusta nada este teléfono y quiero mi dinero"));
    let half = confidence("Доставка опоздала на два дня the delivery was late");
    assert!(half < 0.75, "two scripts share the confidence: {half}");
}

#[test]
fn sentiment_of_obvious_posts() {
    use Polarity::{Negative, Positive};
    for (expected, text) in [
        (
            Positive,
            "I absolutely love this phone, best purchase of the year 😍",
        ),
        (
            Negative,
            "Worst service ever, I hate this company and I am so angry 😡",
        ),
        (
            Positive,
            "Ich liebe dieses Café, der Kuchen ist wunderbar und alle sind so nett 😊",
        ),
        (
            Negative,
            "So ein schlechter Service, ich bin total enttäuscht und sauer",
        ),
        (Positive, "J'adore ce film, c'est magnifique, merci ❤"),
        (
            Negative,
            "Quelle honte, service horrible, je suis vraiment déçu et en colère",
        ),
        (Positive, "Me encanta, muchas gracias por todo, feliz día 😍"),
        (Negative, "Qué asco de servicio, lo odio, es horrible"),
        (Positive, "Che bello, grazie mille, sono felicissima 😍"),
        (
            Negative,
            "Che schifo, un servizio vergognoso, odio questa azienda",
        ),
        (Positive, "Eu amo demais esse lugar, que lindo 😍"),
        (Negative, "Que ódio desse serviço, péssimo, horrível"),
        (Positive, "ما شاء الله جميل جدا احب هذا المكان ❤"),
        (Negative, "اسوأ خدمة في العالم الله ياخذكم 😡"),
        (Positive, "Спасибо большое, отличная связь, я очень доволен!"),
        (Negative, "Ужасный банк, опять ничего не работает, ненавижу"),
        (Positive, "pelayanan ramah dan makanan enak sekali , saya suka"),
        (
            Negative,
            "pelayanan sangat buruk , saya kecewa dan tidak akan kembali",
        ),
        (Positive, "อร่อยมาก ชอบมากๆ เลย"),
        (Negative, "แย่มาก บริการห่วยมาก ไม่ไปอีกแล้ว"),
    ] {
        assert_eq!(polarity(text), Some(expected), "{text}");
    }
}

#[test]
fn the_fast_sentiment_abstains_where_it_knows_nothing() {
    let fast = |text: &str| Reader::new(&MODELS).fast(&ask(text)).sentiment.map(|s| s.label);
    let korean = "배송이 이틀 늦었는데 아무도 답장을 안 해요";
    assert_eq!(fast(korean), None, "Korean is not covered");
    assert_eq!(polarity(korean), Some(Polarity::Negative), "the encoder knows it");
    assert_eq!(
        fast("मुझे यह दुकान बहुत पसंद है"),
        None,
        "no better than chance on Hindi"
    );
    assert_eq!(fast("https://a.example 123"), None);
    assert_eq!(polarity(""), None);
    assert_eq!(fast("😍😍😍"), Some(Polarity::Positive), "emoji need no language");
}

#[test]
fn the_longest_and_oddest_texts_get_calm_answers() {
    let mut reader = Reader::new(&MODELS);
    for text in [
        "😍".repeat(30_000),
        "a".repeat(100_000),
        "ab ".repeat(40_000),
        "\u{200F}\u{202A}x\u{0301}\u{0301}".repeat(500),
    ] {
        let ask = ask(&text);
        let fast = reader.fast(&ask);
        let full = reader.full(&[&ask], &[&fast]);
        for said in [&fast, &full[0]] {
            let sum: f32 = said.sentiment.map_or(1.0, |s| s.probabilities.iter().sum());
            assert!((sum - 1.0).abs() < 1e-3);
        }
    }
}

#[derive(Deserialize)]
struct Golden {
    text: String,
    label: String,
    probabilities: BTreeMap<String, f32>,
}

/// Probabilities of invented sentences as they were when the weights were trained.
#[test]
fn probabilities_are_those_of_training() {
    {
        let task = "language";
        let lines = String::from_utf8(shipped(&format!("{task}/golden.jsonl"))).unwrap();
        let mut seen = 0;
        for golden in lines.lines().map(|l| serde_json::from_str::<Golden>(l).unwrap()) {
            let (tokens, mut scratch) = (Tokens::of(&golden.text), Scratch::new());
            let ranking = MODELS.language.ranking(&tokens, &mut scratch);
            let said: BTreeMap<String, f32> = ranking.into_iter().map(|(l, p)| (l.to_owned(), p)).collect();
            for (label, p) in &golden.probabilities {
                assert!(
                    (said[label] - p).abs() < 1e-4,
                    "{task} {}: {label} {} not {p}",
                    golden.text,
                    said[label]
                );
            }
            assert!(
                golden
                    .probabilities
                    .values()
                    .all(|p| *p <= golden.probabilities[&golden.label])
            );
            seen += 1;
        }
        assert!(seen >= 20, "{task}: {seen}");
    }
}
