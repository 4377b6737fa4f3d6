//! What the phrases of comparison find, measured on rows made up for it: two brands that are none, thirteen languages.

use models::comparison::{Said, Side, langs, said};
use models::target::find;
use text::Tokens;

/// Language, text, and what it says: `A` or `B` is preferred, `>B` or `>A` somebody went there; nothing else is said.
const ROWS: &[(&str, &str, &str)] = &[
    ("en", "Honestly Acme is so much better than Bolt.", "A"),
    ("en", "Acme's delivery was way faster than Bolt's", "A"),
    ("en", "Bolt is worse than Acme in every way", "A"),
    ("en", "I prefer Bolt to Acme for long trips.", "B"),
    ("en", "I'd rather pay for Bolt than use Acme again", "B"),
    ("en", "Acme is more reliable than Bolt, fight me", "A"),
    ("en", "Acme is more expensive than Bolt and no nicer", "B"),
    (
        "en",
        "Just switched from Acme to Bolt and never looked back",
        ">B",
    ),
    ("en", "We moved to Bolt from Acme last month", ">B"),
    (
        "en",
        "Finally ditched Bolt for Acme. Acme is better than Bolt.",
        "A >A",
    ),
    ("en", "cancelled my Acme subscription for Bolt", ">B"),
    ("en", "Replaced our Bolt with an Acme", ">A"),
    ("en", "Acme beats Bolt", "A"),
    ("en", "Acme is not better than Bolt", ""),
    ("en", "Is Acme better than Bolt?", ""),
    ("en", "I'd never switch from Acme to Bolt", ""),
    ("en", "thinking about switching from Acme to Bolt", ""),
    ("en", "Acme and Bolt announced a partnership", ""),
    ("en", "Better late than never, Acme. Bolt was on time.", ""),
    ("en", "The train from Acme street to Bolt avenue is late", ""),
    ("en", "Anything is better than Bolt, says the Acme ad", ""),
    ("en", "Compared to Bolt, Acme feels ten years ahead", "A"),
    ("en", "Acme > Bolt", "A"),
    ("de", "Acme ist viel besser als Bolt", "A"),
    ("de", "Bolt war leider deutlich langsamer als Acme", "A"),
    ("de", "Ich kaufe lieber bei Acme als bei Bolt", "A"),
    ("de", "Ich bevorzuge Bolt gegenüber Acme", "B"),
    ("de", "Bin von Acme zu Bolt gewechselt", ">B"),
    ("de", "Letzte Woche von Bolt auf Acme umgestiegen, läuft", ">A"),
    ("de", "Acme ist nicht besser als Bolt", ""),
    ("de", "Ist Acme besser als Bolt?", ""),
    ("de", "Überlege, ob ich von Acme zu Bolt wechseln soll", ""),
    ("de", "Acme und Bolt sitzen beide in Berlin", ""),
    ("de", "Acme schlägt Bolt um Längen", "A"),
    ("de", "Gegen Acme kann Bolt einpacken", "A"),
    ("fr", "Acme est bien meilleur que Bolt", "A"),
    ("fr", "Bolt est plus lent que Acme", "A"),
    ("fr", "Je préfère Bolt à Acme", "B"),
    ("fr", "Je suis passé de Acme à Bolt", ">B"),
    ("fr", "J'ai quitté Bolt pour Acme", ">A"),
    ("fr", "Acme n'est pas meilleur que Bolt", ""),
    ("fr", "Acme est-il mieux que Bolt ?", ""),
    ("fr", "Acme et Bolt lancent une offre commune", ""),
    ("fr", "Entre Acme et Bolt y a pas photo, Acme", "A"),
    ("es", "Acme es mucho mejor que Bolt", "A"),
    ("es", "Bolt es más caro que Acme", "A"),
    ("es", "Prefiero Bolt a Acme", "B"),
    ("es", "Me cambié de Acme a Bolt", ">B"),
    ("es", "Dejé Bolt por Acme", ">A"),
    ("es", "Acme no es mejor que Bolt", ""),
    ("es", "¿Es Acme mejor que Bolt?", ""),
    ("es", "Acme y Bolt abren tienda", ""),
    ("es", "Nada que ver Acme con Bolt, me quedo con Acme", "A"),
    ("pt", "Acme é muito melhor que Bolt", "A"),
    ("pt", "Bolt é pior do que Acme", "A"),
    ("pt", "Prefiro Bolt a Acme", "B"),
    ("pt", "Troquei Acme por Bolt", ">B"),
    ("pt", "Mudei da Bolt para Acme", ">A"),
    ("pt", "Acme não é melhor que Bolt", ""),
    ("pt", "Acme e Bolt fecharam acordo", ""),
    ("pt", "Saudade do tempo em que Bolt era melhor, hoje é Acme", "A"),
    ("it", "Acme è molto meglio di Bolt", "A"),
    ("it", "Bolt è più lento di Acme", "A"),
    ("it", "Preferisco Bolt a Acme", "B"),
    ("it", "Sono passato da Acme a Bolt", ">B"),
    ("it", "Ho lasciato Bolt per Acme", ">A"),
    ("it", "Acme non è meglio di Bolt", ""),
    ("it", "Acme e Bolt insieme in fiera", ""),
    ("nl", "Acme is veel beter dan Bolt", "A"),
    ("nl", "Bolt is duurder dan Acme", "A"),
    ("nl", "Ik heb liever Bolt dan Acme", "B"),
    ("nl", "Ben van Acme naar Bolt overgestapt", ">B"),
    ("nl", "Acme is niet beter dan Bolt", ""),
    ("nl", "Acme en Bolt werken samen", ""),
    ("pl", "Acme jest dużo lepszy niż Bolt", "A"),
    ("pl", "Bolt jest gorszy od Acme", "A"),
    ("pl", "Wolę Bolt od Acme", "B"),
    ("pl", "Przeszedłem z Acme na Bolt", ">B"),
    ("pl", "Acme nie jest lepszy niż Bolt", ""),
    ("pl", "Acme i Bolt podpisały umowę", ""),
    ("ru", "Acme намного лучше чем Bolt", "A"),
    ("ru", "Bolt работает хуже Acme", "A"),
    ("ru", "Предпочитаю Bolt, а не Acme", "B"),
    ("ru", "Перешёл с Acme на Bolt", ">B"),
    ("ru", "Сменил Bolt на Acme", ">A"),
    ("ru", "Acme не лучше чем Bolt", ""),
    ("ru", "Acme и Bolt открыли офис", ""),
    ("tr", "Acme, Bolt'tan daha iyi", "A"),
    ("tr", "Bolt Acme'den daha kötü", "A"),
    ("tr", "Acme'den Bolt'a geçtim", ">B"),
    ("tr", "Acme Bolt'tan daha iyi değil", ""),
    ("tr", "Acme ve Bolt anlaştı", ""),
    ("id", "Acme jauh lebih bagus daripada Bolt", "A"),
    ("id", "Jujur Bolt lebih lemot dibanding Acme", "A"),
    ("id", "Aku lebih suka Bolt daripada Acme", "B"),
    ("id", "Baru pindah dari Acme ke Bolt minggu lalu", ">B"),
    ("id", "Acme tidak lebih bagus daripada Bolt", ""),
    ("id", "Acme dan Bolt buka toko bersama", ""),
    ("ar", "Acme أفضل بكثير من Bolt", "A"),
    ("ar", "خدمة Bolt أسوأ من Acme", "A"),
    ("ar", "أفضل Bolt على Acme", "B"),
    ("ar", "انتقلت من Acme إلى Bolt قبل شهر", ">B"),
    ("ar", "Acme ليس أفضل من Bolt", ""),
    ("ar", "وقعت Acme و Bolt اتفاقا", ""),
    ("hi", "Acme Bolt से बहुत बेहतर है", "A"),
    ("hi", "Bolt तो Acme से भी महंगा है", "A"),
    ("hi", "मुझे Acme के बजाय Bolt ज्यादा पसंद है", "B"),
    ("hi", "मैं Acme से Bolt पर आ गया", ">B"),
    ("hi", "Acme Bolt से बेहतर नहीं है", ""),
    ("hi", "Acme और Bolt ने समझौता किया", ""),
];

/// More rows, written after the phrases and looked at once: no phrase was changed for them.
const UNSEEN: &[(&str, &str, &str)] = &[
    (
        "en",
        "Tried both this week and Bolt is easier to set up than Acme",
        "B",
    ),
    ("en", "Acme customer service >>> Bolt customer service", "A"),
    ("en", "after ten years I moved from Bolt over to Acme", ">A"),
    ("en", "My dad switched to Acme from Bolt and he is happier", ">A"),
    ("en", "Bolt is so much worse than Acme these days", "A"),
    ("en", "Should I get Acme or Bolt", ""),
    (
        "en",
        "Acme sued Bolt over patents, the judge was faster than expected",
        "",
    ),
    ("en", "Nobody said Acme was better than Bolt", ""),
    ("en", "I chose Acme over Bolt because of the warranty", "A"),
    ("de", "Für mich ist Bolt einfach die bessere Wahl als Acme", "B"),
    ("de", "Acme war früher günstiger als Bolt", "A"),
    ("de", "Nach dem Ärger mit Acme bin ich zu Bolt gewechselt", ">B"),
    ("de", "Acme und Bolt sind besser als ihr Ruf", ""),
    ("fr", "Franchement Bolt c'est beaucoup mieux que Acme", "B"),
    ("fr", "On a changé de Bolt pour Acme cet été", ">A"),
    ("fr", "Acme rachète Bolt, plus vite que prévu", ""),
    ("es", "Para viajar Bolt es más cómodo que Acme", "B"),
    ("es", "Nos pasamos de Bolt a Acme hace un año", ">A"),
    ("es", "Acme compra Bolt y mejor así", ""),
    ("pt", "A Acme é mais rápida que a Bolt", "A"),
    ("pt", "Larguei a Acme pela Bolt", ">B"),
    ("pt", "Acme e Bolt juntas, melhor que nada", ""),
    ("it", "Bolt secondo me è migliore di Acme", "B"),
    ("it", "Sostituita Acme con Bolt in azienda", ">B"),
    ("it", "Acme compra Bolt", ""),
    ("nl", "Bolt was vroeger beter dan Acme", "B"),
    ("nl", "Wij zijn overgestapt van Bolt naar Acme", ">A"),
    ("nl", "Acme neemt Bolt over", ""),
    ("pl", "Bolt jest tańszy niż Acme", "B"),
    ("pl", "Zamieniłem Bolt na Acme i jestem zadowolony", ">A"),
    ("pl", "Acme kupuje Bolt", ""),
    ("ru", "У Bolt поддержка быстрее чем у Acme", "B"),
    ("ru", "Ушли от Acme к Bolt в прошлом году", ">B"),
    ("ru", "Acme купила Bolt", ""),
    ("tr", "Bolt bence Acme'den çok daha hızlı", "B"),
    ("tr", "Acme'yi bırakıp Bolt'a geçtik", ">B"),
    ("tr", "Acme mi Bolt mu daha iyi?", ""),
    ("id", "Menurutku Bolt lebih nyaman dari Acme buat harian", "B"),
    ("id", "Sudah setahun kami tinggalkan Bolt demi Acme", ">A"),
    ("id", "Acme beli Bolt, semoga lebih baik", ""),
    ("ar", "والله Bolt أسرع من Acme في التوصيل", "B"),
    ("ar", "تحولنا من Bolt إلى Acme هذا العام", ">A"),
    ("ar", "هل Acme أفضل من Bolt؟", ""),
    ("hi", "सर्विस में Bolt Acme से तेज है", "B"),
    ("hi", "Bolt छोड़कर हमने Acme ले लिया", ">A"),
    ("hi", "क्या Acme Bolt से बेहतर है?", ""),
];

fn read(lang: &str, text: &str) -> Said {
    let tokens = Tokens::of(text);
    said(
        text,
        lang,
        &find(text, &tokens, "Acme"),
        &find(text, &tokens, "Bolt"),
    )
}

fn expected(says: &str) -> Said {
    let side = |s: &str| if s.ends_with('A') { Side::A } else { Side::B };
    let mut said = Said::default();
    for word in says.split_whitespace() {
        match word.starts_with('>') {
            true => said.went_to = Some(side(word)),
            false => said.prefers = Some(side(word)),
        }
    }
    said
}

/// Right, wrong, and missed, over both questions.
fn counts(rows: &[(&str, &str, &str)]) -> [usize; 3] {
    let mut counts = [0; 3];
    for (lang, text, says) in rows {
        let (got, wanted) = (read(lang, text), expected(says));
        for (got, wanted) in [(got.prefers, wanted.prefers), (got.went_to, wanted.went_to)] {
            match (got, wanted) {
                (Some(a), Some(b)) if a == b => counts[0] += 1,
                (Some(_), _) => {
                    eprintln!("wrong: {lang} {text:?}: {got:?}");
                    counts[1] += 1;
                }
                (None, Some(_)) => {
                    eprintln!("missed: {lang} {text:?}");
                    counts[2] += 1;
                }
                (None, None) => {}
            }
        }
    }
    counts
}

#[test]
fn precision_and_recall_on_made_up_rows() {
    for (name, rows, least) in [("known", ROWS, [0.98, 0.88]), ("unseen", UNSEEN, [0.9, 0.7])] {
        let [right, wrong, missed] = counts(rows);
        let precision = right as f64 / (right + wrong) as f64;
        let recall = right as f64 / (right + missed) as f64;
        println!(
            "{} {name} rows: precision {precision:.2}, recall {recall:.2}",
            rows.len()
        );
        assert!(precision >= least[0], "{name}: {right} right, {wrong} wrong");
        assert!(recall >= least[1], "{name}: {right} right, {missed} missed");
    }
}

#[test]
fn every_language_with_phrases_has_rows() {
    for lang in langs() {
        assert!(
            ROWS.iter().any(|(l, _, says)| *l == lang && says.contains('>')),
            "{lang}"
        );
        assert!(
            ROWS.iter().any(|(l, _, says)| *l == lang && says.is_empty()),
            "{lang}"
        );
    }
}

#[test]
fn sides_are_those_of_the_names_given() {
    let text = "Acme is better than Bolt";
    let tokens = Tokens::of(text);
    let (a, b) = (find(text, &tokens, "Acme"), find(text, &tokens, "Bolt"));
    assert_eq!(said(text, "en", &a, &b).prefers, Some(Side::A));
    assert_eq!(said(text, "en", &b, &a).prefers, Some(Side::B));
    assert_eq!(said(text, "en", &a, &[]), Said::default());
    assert_eq!(
        said(text, "ja", &a, &b),
        Said::default(),
        "a language without phrases"
    );
    // Both ways in one text is nothing said.
    let both = "Acme is better than Bolt. But Bolt is faster than Acme.";
    assert_eq!(read("en", both).prefers, None);
}

proptest::proptest! {
    #[test]
    fn any_text_and_any_places_are_read(text in "\\PC{0,60}", a in 0usize..70, b in 0usize..70, len in 0usize..9) {
        for lang in langs() {
            let places = |at: usize| vec![at..at + len; 2];
            let _ = said(&text, lang, &places(a), &places(b));
        }
    }
}
