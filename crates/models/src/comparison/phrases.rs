//! The phrases: `X` and `Y` are the two names, `~3` up to three words, `a|b` one of them, `c*` any word that begins so.

use super::Word;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a phrase means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Means {
    PrefersX,
    PrefersY,
    WentToY,
}

/// A word, or how it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    word: String,
    begins: bool,
}

impl Wanted {
    fn read(word: &str) -> Self {
        let folded = text::fold(word.trim_end_matches('*'));
        Self {
            begins: word.ends_with('*'),
            word: text::strip_marks(&folded).unwrap_or(folded),
        }
    }

    pub(super) fn is(&self, word: &str) -> bool {
        match self.begins {
            true => word.starts_with(&self.word),
            false => word == self.word,
        }
    }
}

/// A part of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    X,
    Y,
    Gap(usize),
    Any(Vec<Wanted>),
}

/// A phrase and what it means.
pub(super) struct Rule {
    pub(super) items: Vec<Item>,
    pub(super) means: Means,
}

/// The phrases of a language.
pub(super) struct Rules {
    pub(super) list: Vec<Rule>,
    /// Words behind a phrase in which a word of denial counts, too.
    pub(super) after: usize,
    voids: Vec<Wanted>,
}

impl Rules {
    /// Whether a word denies what follows, or only weighs it up.
    pub(super) fn voids(&self, word: &Word) -> bool {
        match word {
            Word::Plain(word) => word.ends_with("n't") || self.voids.iter().any(|v| v.is(word)),
            Word::Name(_) => false,
        }
    }
}

/// The phrases of one language: those that prefer X, that prefer Y (looked for first), that went from X to Y, and the
/// words that make a phrase say nothing.
struct Lang {
    lang: &'static str,
    prefers_y: &'static [&'static str],
    prefers_x: &'static [&'static str],
    went: &'static [&'static str],
    voids: &'static str,
    /// Words behind a phrase in which they stand, where the verb comes last.
    after: usize,
}

const LANGS: [Lang; 13] = [
    Lang {
        lang: "en",
        prefers_y: &[
            "X ~4 worse|slower|inferior|weaker|uglier|buggier|poorer|pricier than|to ~2 Y",
            "X ~4 more expensive|buggy|fragile|confusing|complicated|annoying|unreliable than ~2 Y",
            "X ~3 no match for ~1 Y",
            "X ~3 loses|lost to ~1 Y",
        ],
        prefers_x: &[
            "X ~4 better|faster|cheaper|nicer|stronger|safer|easier|quicker|smoother|friendlier|tastier|superior than|to ~2 Y",
            "X ~4 more ~1 than ~2 Y",
            "prefer* ~2 X ~2 to|over|than ~2 Y",
            "choose|chose|pick|picked|pick|take|recommend ~2 X ~2 over ~2 Y",
            "rather ~3 X ~3 than ~2 Y",
            "X ~1 beats|outperforms|destroys|crushes|surpasses|outclasses ~2 Y",
            "X over Y any|every day|time",
        ],
        went: &[
            "switch*|moved|moving|migrat*|chang*|jump* ~3 from ~2 X ~3 to ~2 Y",
            "switch*|moved|moving|migrat*|chang* ~2 to ~2 Y ~3 from ~2 X",
            "left|leaving|ditch*|dump*|quit|dropp*|cancel*|abandon* ~2 X ~4 for ~2 Y",
            "replac*|swapp*|traded ~2 X ~2 with|by|for ~2 Y",
            "went from ~2 X to ~2 Y",
        ],
        voids: "not no never cannot cant dont doesnt didnt isnt arent wasnt wont if whether should might may could would thinking think \
                consider* tempted neither nobody wish hope*",
        after: 0,
    },
    Lang {
        lang: "de",
        prefers_y: &[
            "X ~4 schlechter|langsamer|teurer|schwacher|umstandlicher|unterlegen als ~2 Y",
            "X ~3 nicht mithalten ~2 Y",
        ],
        prefers_x: &[
            "X ~4 besser|schneller|gunstiger|billiger|schoner|starker|sicherer|einfacher|zuverlassiger|angenehmer|uberlegen als ~2 Y",
            "lieber ~2 X ~3 als|statt ~2 Y",
            "bevorzug* ~2 X ~2 gegenuber|vor ~2 Y",
            "X ~2 schlagt|ubertrifft ~2 Y",
            "X ~2 Y ~1 vorziehe*|vorgezogen",
            "ziehe|ziehen ~2 X ~2 Y vor",
        ],
        went: &[
            "von ~2 X ~2 zu|auf ~2 Y ~3 gewechselt|umgestiegen|gewandert|gegangen|gewechselt",
            "wechs*|umgestiegen|wechselte ~3 von ~2 X ~2 zu|auf ~2 Y",
            "wechs*|umgestiegen ~2 zu ~2 Y ~2 von ~2 X",
            "X ~2 durch ~2 Y ersetzt",
            "X ~2 gekundigt ~4 zu|bei ~2 Y",
        ],
        voids: "nicht nie niemals kein* ob falls uberleg* sollte* konnte* wurde* vielleicht weder",
        after: 0,
    },
    Lang {
        lang: "fr",
        prefers_y: &[
            "X ~4 pire|inferieur* ~1 que|a|qu ~2 Y",
            "X ~3 moins bon|bien|bonne|rapide|fiable|cher* que ~2 Y",
            "X ~3 plus lent*|cher|chere|complique* que ~2 Y",
        ],
        prefers_x: &[
            "X ~4 mieux|meilleur*|superieur* ~1 que|a|qu ~2 Y",
            "X ~3 plus ~1 que ~2 Y",
            "prefer* ~3 X ~2 a|au|plutot ~2 Y",
            "X plutot que ~1 Y",
            "X ~1 bat|surpasse|ecrase ~2 Y",
        ],
        went: &[
            "passe*|quitte*|change*|migre* ~2 de ~2 X ~2 a|chez|vers|pour ~2 Y",
            "quitte* ~2 X ~3 pour ~2 Y",
            "remplace* ~2 X ~2 par ~2 Y",
            "passe* ~1 chez|a ~1 Y ~3 apres|de|depuis ~3 X",
        ],
        voids: "pas jamais si aucun* ni devrais pourrais hesite* pense* envisage*",
        after: 0,
    },
    Lang {
        lang: "es",
        prefers_y: &[
            "X ~4 peor|inferior que|a ~2 Y",
            "X ~3 mas lento|lenta|caro|cara|complicado|complicada que ~2 Y",
        ],
        prefers_x: &[
            "X ~4 mejor|superior que|a ~2 Y",
            "X ~3 mas ~1 que ~2 Y",
            "prefier* ~2 X ~2 a|antes|sobre|que ~2 Y",
            "X ~1 supera|gana ~2 Y",
            "X antes que ~1 Y",
        ],
        went: &[
            "cambi*|pas*|mud* ~3 de ~2 X ~2 a ~2 Y",
            "dej* ~2 X ~3 por ~2 Y",
            "pas*|cambi* ~2 a ~1 Y ~3 desde ~2 X",
            "cambi*|reemplac*|sustitu* ~2 X ~2 por ~2 Y",
        ],
        voids: "no nunca jamas si tampoco ni ningun* deberia podria pensando quizas",
        after: 0,
    },
    Lang {
        lang: "pt",
        prefers_y: &[
            "X ~4 pior|inferior ~1 que|a|ao ~2 Y",
            "X ~3 mais lento|lenta|caro|cara|complicado|complicada ~1 que ~2 Y",
        ],
        prefers_x: &[
            "X ~4 melhor|superior ~1 que|a|ao ~2 Y",
            "X ~3 mais ~2 que ~2 Y",
            "prefir* ~2 X ~2 a|ao|do|que ~2 Y",
            "X ~1 supera|vence|ganha ~2 Y",
        ],
        went: &[
            "troq*|troc* ~2 X ~2 por|pela|pelo ~2 Y",
            "mud*|migr*|pass*|sai ~3 de|da|do ~2 X ~3 para|pra|pro ~2 Y",
            "deix*|larg* ~2 X ~3 por|pela|pelo ~2 Y",
        ],
        voids: "nao nunca jamais se nem deveria poderia pensando talvez",
        after: 0,
    },
    Lang {
        lang: "it",
        prefers_y: &[
            "X ~4 peggio|peggiore|inferiore ~1 di|a|del|della ~2 Y",
            "X ~3 piu lento|lenta|caro|cara|complicato|complicata di ~2 Y",
        ],
        prefers_x: &[
            "X ~4 meglio|migliore|superiore ~1 di|a|del|della ~2 Y",
            "X ~3 piu ~1 di|del|della|rispetto ~2 Y",
            "prefer* ~2 X ~2 a|rispetto|che ~2 Y",
            "X ~1 batte|supera ~2 Y",
        ],
        went: &[
            "passat*|cambiat*|passo|passando ~3 da ~2 X ~2 a ~2 Y",
            "lasciat*|abbandonat*|mollat* ~2 X ~3 per ~2 Y",
            "sostituit* ~2 X ~2 con ~2 Y",
        ],
        voids: "non mai se ne nessun* dovrei potrei pensando forse",
        after: 0,
    },
    Lang {
        lang: "nl",
        prefers_y: &["X ~4 slechter|trager|duurder|langzamer|zwakker dan ~2 Y"],
        prefers_x: &[
            "X ~4 beter|sneller|goedkoper|fijner|mooier|sterker|makkelijker|veiliger|betrouwbaarder dan ~2 Y",
            "liever ~2 X ~2 dan ~2 Y",
            "X ~1 verslaat|overtreft ~2 Y",
        ],
        went: &[
            "van ~2 X ~2 naar ~2 Y ~2 overgestapt|gegaan|gewisseld|overgegaan",
            "overgestapt|gewisseld|overgestapt|overstap* ~2 van ~2 X ~2 naar ~2 Y",
            "X ~2 ingeruild|verruild|vervangen ~1 voor|door ~2 Y",
            "X ~2 opgezegd ~4 naar ~2 Y",
        ],
        voids: "niet nooit geen als of misschien zou overweeg* noch",
        after: 0,
    },
    Lang {
        lang: "pl",
        prefers_y: &["X ~4 gorszy|gorsza|gorsze|gorzej|wolniejsz*|drozsz*|slabsz* niz|od ~2 Y"],
        prefers_x: &[
            "X ~4 lepszy|lepsza|lepsze|lepiej|szybsz*|tansz*|ladniejsz*|wygodniejsz*|mocniejsz*|bezpieczniejsz* niz|od ~2 Y",
            "wole|wolimy|woli|preferuje ~2 X ~2 od|niz ~2 Y",
            "X ~1 bije|wygrywa|przebija ~3 Y",
        ],
        went: &[
            "przesz*|przenios*|zmieni*|przesiad* ~3 z ~2 X ~2 na|do ~2 Y",
            "zamieni*|wymieni* ~2 X ~2 na ~2 Y",
            "rzuci*|zostawi* ~2 X ~3 dla ~2 Y",
        ],
        voids: "nie nigdy jesli czy zaden zadna moze rozwaz* gdyby ani",
        after: 0,
    },
    Lang {
        lang: "ru",
        prefers_y: &[
            "X ~4 хуже|медленнее|дороже|слабее|неудобнее ~1 Y",
            "X ~3 проигрывает ~1 Y",
        ],
        prefers_x: &[
            "X ~4 лучше|быстрее|дешевле|удобнее|надежнее|круче|сильнее|красивее|проще чем ~2 Y",
            "X ~3 лучше|быстрее|дешевле|удобнее|надежнее|круче|сильнее|проще Y",
            "предпочита*|предпочту|предпочел ~2 X ~2 Y",
            "X ~1 превосходит|побеждает|выигрывает ~2 Y",
        ],
        went: &[
            "переш*|перех*|перее*|переключ* ~3 с|со|от ~2 X ~2 на|к|в ~2 Y",
            "смени*|променя*|замени* ~2 X ~2 на ~2 Y",
            "с ~1 X ~2 на ~1 Y ~2 переш*",
            "уш* ~2 от|из|с ~2 X ~2 к|в|на ~2 Y",
        ],
        voids: "не ни никогда если ли бы нельзя думаю может",
        after: 0,
    },
    Lang {
        lang: "tr",
        prefers_y: &["X ~2 Y ~2 daha kotu|yavas|pahali|zayif", "X ~2 Y ~2 kotu"],
        prefers_x: &[
            "X ~2 Y ~2 daha iyi|hizli|ucuz|guzel|guvenilir|kaliteli|kolay|guvenli",
            "X ~2 Y ~2 tercih",
            "X ~2 Y ~2 iyi",
        ],
        went: &[
            "X ~2 Y ~2 gectim|gectik|gecti|gecis|gecti",
            "X ~2 birakip|birakti* ~2 Y ~2 gec*",
        ],
        voids: "degil mi mu asla hic eger belki",
        after: 3,
    },
    Lang {
        lang: "id",
        prefers_y: &[
            "X ~4 lebih buruk|jelek|lambat|mahal|lemot|parah|ribet ~1 dari|daripada|dibanding|dibandingkan|ketimbang ~2 Y",
            "X ~3 kalah ~2 dari|dengan|sama ~2 Y",
        ],
        prefers_x: &[
            "X ~4 lebih ~1 dari|daripada|dibanding|dibandingkan|ketimbang ~2 Y",
            "lebih suka|pilih|memilih ~2 X ~2 dari|daripada|dibanding|ketimbang ~2 Y",
            "X ~1 mengalahkan|mengungguli ~2 Y",
        ],
        went: &[
            "pindah|beralih|hijrah|ganti|migrasi ~3 dari ~2 X ~2 ke ~2 Y",
            "pindah|beralih|hijrah ~2 ke ~2 Y ~3 dari ~2 X",
            "tinggalkan|meninggalkan|ninggalin ~2 X ~3 demi|untuk|buat ~2 Y",
            "ganti|mengganti|tukar|menukar ~2 X ~2 dengan|jadi|ke ~2 Y",
        ],
        voids: "tidak tak nggak enggak gak ga bukan belum jangan apakah kalau jika mungkin ingin mau mikir*",
        after: 0,
    },
    Lang {
        lang: "ar",
        prefers_y: &["X ~4 أسوأ|أبطأ|أغلى|أضعف|أردأ ~2 من ~2 Y"],
        prefers_x: &[
            "X ~4 أفضل|أحسن|أسرع|أرخص|أسهل|أقوى|أجمل|أضمن ~2 من ~2 Y",
            "أفضل|نفضل|يفضل|تفضل ~2 X ~2 على ~2 Y",
            "X ~1 يتفوق|تتفوق|تفوق|تفوقت على ~2 Y",
        ],
        went: &[
            "انتقل*|تحول*|حولت|حولنا ~3 من ~2 X ~2 إلى|الى ~2 Y",
            "انتقل*|تحول* ~2 إلى|الى ~2 Y ~3 من ~2 X",
            "تركت|تركنا|ترك|هجرت ~2 X ~3 لصالح|لأجل|إلى|الى ~2 Y",
        ],
        voids: "ليس ليست لا لن لم هل إذا لو ربما قد أفكر نفكر",
        after: 0,
    },
    Lang {
        lang: "hi",
        prefers_y: &["X ~2 Y ~1 से ~2 खराब|बदतर|धीमा|धीमी|महंगा|महंगी|घटिया|कमजोर"],
        prefers_x: &[
            "X ~2 Y ~1 से ~2 बेहतर|अच्छा|अच्छी|तेज|सस्ता|सस्ती|आसान|बढ़िया|मजबूत",
            "Y ~1 से ~3 बेहतर|अच्छा|अच्छी|तेज|सस्ता|सस्ती|आसान|बढ़िया ~1 X",
            "Y ~1 के बजाय ~2 X ~3 पसंद",
        ],
        went: &[
            "X ~1 से ~2 Y ~2 पर|में ~3 आया|आई|आए|गया|गई|गए|लिया|शिफ्ट|स्विच",
            "X ~2 छोड़कर|छोड़ ~3 Y ~3 लिया|ली|अपनाया|चुना|आया|आई|गया|गई",
        ],
        voids: "नहीं न मत कभी क्या अगर शायद",
        after: 3,
    },
];

static RULES: LazyLock<HashMap<&'static str, Rules>> =
    LazyLock::new(|| LANGS.iter().map(|lang| (lang.lang, read(lang))).collect());

pub(super) fn langs() -> impl Iterator<Item = &'static str> {
    LANGS.iter().map(|l| l.lang)
}

pub(super) fn of(lang: &str) -> Option<&'static Rules> {
    RULES.get(lang)
}

fn read(lang: &Lang) -> Rules {
    let of = |list: &'static [&'static str], means: Means| {
        list.iter().map(move |phrase| Rule {
            items: phrase.split_whitespace().map(item).collect(),
            means,
        })
    };
    Rules {
        list: of(lang.prefers_y, Means::PrefersY)
            .chain(of(lang.prefers_x, Means::PrefersX))
            .chain(of(lang.went, Means::WentToY))
            .collect(),
        after: lang.after,
        voids: lang.voids.split_whitespace().map(Wanted::read).collect(),
    }
}

fn item(word: &str) -> Item {
    match (word, word.strip_prefix('~').and_then(|n| n.parse().ok())) {
        (_, Some(most)) => Item::Gap(most),
        ("X", _) => Item::X,
        ("Y", _) => Item::Y,
        (words, _) => Item::Any(words.split('|').map(Wanted::read).collect()),
    }
}
