//! Function words by language: too common to say what a post is about. Lists of our own making.
//!
//! The tokeniser parts words at apostrophes, so `don't` stands here as `don`; single characters are no words anyway.

use foldhash::{HashMap, HashSet};
use std::sync::LazyLock;

type Words = HashSet<&'static str>;

static SETS: LazyLock<HashMap<&str, Words>> = LazyLock::new(|| {
    LISTS
        .iter()
        .map(|(lang, words)| (*lang, words.split_whitespace().collect()))
        .collect()
});

/// Those of all languages but English, and of these the ones that say something in English.
static ELSEWHERE: LazyLock<[Words; 2]> = LazyLock::new(|| {
    let english = &SETS["en"];
    let all = LISTS.iter().flat_map(|(_, words)| words.split_whitespace());
    let speaking: Words = SPEAKING.split_whitespace().collect();
    all.filter(|word| !english.contains(word))
        .partition(|word| !speaking.contains(word))
        .into()
});

/// The function words of a language, and those of English, which is mixed into all of them.
pub struct Stopwords([Option<&'static Words>; 2]);

/// Those of a language, by its two-letter code; those of English alone where there is no list of it.
pub fn stopwords(lang: &str) -> Stopwords {
    let own = (lang != "en").then(|| SETS.get(lang)).flatten();
    Stopwords([SETS.get("en"), own])
}

/// Those of a text whose language nobody knows, by its folded words: of all languages, but a word such as `war` or `die`,
/// which says something in English, only where most of the text's function words are not English.
pub fn stopwords_of<'w>(words: impl Iterator<Item = &'w str>) -> UnknownStopwords {
    let english = &SETS["en"];
    let (mut own, mut others) = (0, 0);
    for word in words {
        own += usize::from(english.contains(word));
        others += usize::from(ELSEWHERE[0].contains(word));
    }
    UnknownStopwords {
        foreign: others > own,
    }
}

/// What [`stopwords_of`] gives.
pub struct UnknownStopwords {
    foreign: bool,
}

impl UnknownStopwords {
    /// Whether a folded word is one of them.
    pub fn contain(&self, word: &str) -> bool {
        let [only, also] = &*ELSEWHERE;
        SETS["en"].contains(word) || only.contains(word) || (self.foreign && also.contains(word))
    }
}

impl Stopwords {
    /// Whether a folded word is one of them.
    pub fn contain(&self, word: &str) -> bool {
        self.0.iter().flatten().any(|set| set.contains(word))
    }
}

/// Function words of other languages that are none in English.
const SPEAKING: &str = "ad ale bin car comment contra die dig door elle era fare hat hay hem hoe man men met mit mon \
    pas plus pod pour prima pro sera sin son tan ton tout van vid war weer yang";

/// Language and its words.
const LISTS: &[(&str, &str)] = &[
    (
        "en",
        "about above after again against ain all also am amp an and any anyone are aren as at be became \
        because been before being below between both but by can cannot cant could couldn did didn didnt \
        do does doesn doesnt doing don done dont down during each either else even ever every few for \
        from further get gets getting go goes going gonna got had hadn has hasn have haven having he her \
        here hers herself him himself his how if im in into is isn isnt it its itself ive just let like \
        ll lol lot made make many may maybe me might mine more most much must my myself need never no \
        nor not now of off oh ok on once one only or other our ours ourselves out over own please put re \
        really rt said same say says see she should shouldn since so some someone something still such \
        than thank that thats the their theirs them themselves then there these they thing things this \
        those though through to too under until up upon us use used ve very via wanna want was wasn \
        wasnt way we well were weren what when where whether which while who whom whose why will with \
        within without won wont would wouldn yeah yes yet you your youre yours yourself",
    ),
    (
        "de",
        "aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes \
        auch auf aus bei bin bis bist da damit dann das dass dasselbe dazu dein deine deinem deinen \
        deiner dem den denn der des dich die dies diese dieser dieses dir doch dort du durch ein eine \
        einem einen einer eines einfach er es etwas euch euer für gegen geht gewesen gibt hab habe haben \
        hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in indem ins \
        ist ja jede jedem jeden jeder jedes jetzt kann kein keine keinem keinen keiner können könnte mal \
        man manche mehr mein meine meinem meinen meiner mich mir mit muss müssen nach nicht nichts noch \
        nun nur ob oder ohne rt schon sehr sein seine seinem seinen seiner seit sich sie sind so sogar \
        soll sollte sondern sonst um und uns unser unsere unter viel vom von vor wann war waren warum \
        was weg weil weiter welche wenn wer werde werden wie wieder will wir wird wirst wo wollen wollte \
        wurde wurden würde zu zum zur zwar zwischen über",
    ),
    (
        "fr",
        "ai alors après as au aucun aussi autre aux avait avant avec avoir car ce cela celle celui ces \
        cet cette ceux chez comme comment dans de des deux donc dont du elle elles en encore entre est \
        et eu eux faire fait faut fois ici il ils je jusqu la le les leur leurs lui là ma mais me mes \
        moi moins mon même ne ni non nos notre nous on ont ou où par parce pas peu peut plus pour \
        pourquoi qu quand que quel quelle qui quoi rt sa sans se sera ses si son sont sous sur ta te tes \
        toi ton tous tout toute toutes trop très tu un une va vers voir vos votre vous ça étaient était \
        été être",
    ),
    (
        "es",
        "al algo algunos ante antes aquí así aunque aún bien cada como con contra cual cuando cómo de del \
        desde donde dos durante el ella ellas ellos en entre era es esa ese eso esta estar estas este \
        esto estos está están fue ha hace hacer han hasta hay he hoy la las le les lo los me mi mis \
        mucho muy más nada ni no nos nosotros nunca os otra otro para pero poco por porque pues que \
        quien quién qué rt se ser si siempre sin sobre son soy su sus sí también tan tanto te tener ti \
        tiene todo todos tu tus tú un una unas uno unos va vamos ver vez ya yo él",
    ),
    (
        "pt",
        "agora ainda algo alguém além ao aos apenas as assim até bem cada com como da das de dela dele \
        deles depois do dos ela elas ele eles em entre então era essa essas esse esses esta estar estas \
        este estes está estão eu faz fazer foi for foram há isso isto já la lhe lá mais mas me mesmo meu \
        meus minha muito na nada nas nem no nos nossa nosso num numa nunca não nós onde os ou para pela \
        pelas pelo pelos por porque pra pro quais qual quando que quem quê rt se sem sempre ser será seu \
        seus sobre sua suas são só também te tem ter teu ti tinha toda todas todo todos tu tua tudo têm \
        um uma umas uns vai você vocês vou às",
    ),
    (
        "it",
        "abbiamo ad agli ai al alla alle allo anche ancora avere aveva che chi ci come con cosa così cui \
        da dal dalla dalle dei del della delle dello di dopo dove due ed era essere fa fare gli ha hai \
        hanno ho il in io la le lei li lo loro lui ma me mi mia mio molto ne negli nei nel nella nelle \
        no noi non nostro oggi ogni per perché però più poco poi prima qualche quando quanto quella \
        quelle quelli quello questa queste questi questo qui rt sarà se sei sempre senza si sia solo \
        sono su sua sue sugli sui sul sulla suo sì te ti tra tu tua tuo tutti tutto un una uno va vi voi",
    ),
    (
        "nl",
        "aan al alle als altijd andere ben bij daar dan dat de deze die dit doen door dus een eens en er \
        ga gaan gaat geen geweest haar had heb hebben heeft hem het hier hij hoe hun iemand iets ik in \
        is ja je jij jouw kan komt kunnen maar me meer men met mij mijn moet na naar niet niets nog nu \
        of om omdat onder ons ook op over rt te tegen toch toen tot uit uw van veel voor waar want waren \
        was wat we weer wel werd wij wil worden wordt ze zei zelf zich zij zijn zo zonder zou",
    ),
    (
        "pl",
        "aby ale bardzo bez bo by być był była było były będzie chyba ci co czy dla do gdy gdzie go ich \
        im ja jak jako je jego jej jest jeszcze już każdy kto która które który lub ma mam mi mnie może \
        można mu my na nad nam nas nawet nic nich nie nim niż no od on ona one oni po pod przed przez \
        przy rt się sobie są ta tak także tam te tego tej ten też to tu ty tych tylko tym we więc \
        wszystko za ze że",
    ),
    (
        "ru",
        "rt без более бы был была были было быть вам вас весь во вот все всего всех всё вы где да даже \
        для до его ее если есть еще ещё её же за здесь из или им их как ко когда который кто ли меня мне \
        может мой мы на надо наш не него нее нет ни них но ну об он она они оно от очень по под при себя \
        со так также такой там те тебя тем то того тоже той только том ты уже чего чем что чтоб чтобы \
        эта эти это этого этой этот",
    ),
    (
        "tr",
        "acaba ama ancak artık aslında az bana bazı belki ben beni bile bir biraz biz bu da daha de değil \
        diye en gibi hem hep her hiç ile ise için kadar kendi ki kim mi mu mü mı nasıl ne neden olan \
        olarak oldu olsun onlar onu rt sana sen siz sonra tüm var ve veya ya yani yok çok çünkü şey şu",
    ),
    (
        "id",
        "ada adalah agar aja akan aku anda apa atau bagi bahwa banyak bisa dalam dan dari dengan di dia \
        dong ga gak hanya harus ini itu jadi jangan juga kalau kalo kamu karena ke kita kok lagi lah \
        lebih mau mereka nih nya oleh pada para rt saja sama sampai sangat saya sebagai secara sih sudah \
        tapi telah tidak udah untuk ya yang yg",
    ),
    (
        "sv",
        "alla allt att av bara blev bli blir båda dag de dem den denna det detta dig din dina ditt du där \
        då efter ej eller en er ett från få får för ha hade han hans har hon hur här in inte ja jag kan \
        kommer kunde man med men mig min mina mitt mot mycket många ni nu när någon något några och om \
        oss på rt samma sedan sig sin sina sitt ska skall skulle som så till under upp ut utan vad var \
        vara varit vem vi vid vill än är",
    ),
    (
        "ar",
        "أن أنا أنت أو إذا إلى إن التي الذي الذين اللي انا بس بعد بين ثم حتى ذلك شي على عن عند غير في قبل \
        قد كان كانت كل لا لم لن لو ما مش مع من نحن هذا هذه هم هو هي يا يكون",
    ),
    (
        "hi",
        "अब आप इस उस एक और कर का कि की के को क्या गया जो तो था थी थे नहीं ने पर बहुत भी में मेरे मैं यह \
        ये रहा रही रहे लिए वह वो साथ से हम ही है हैं हो",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_listed_once() {
        for (lang, words) in LISTS {
            assert!(words.split_whitespace().all(|w| crate::fold(w) == w), "{lang}");
            assert_eq!(words.split_whitespace().count(), SETS[lang].len(), "{lang}");
        }
    }

    #[test]
    fn the_language_decides() {
        assert!(stopwords("de").contain("die") && !stopwords("en").contain("die"));
        assert!(
            stopwords("und").contain("the")
                && stopwords("de").contain("the")
                && !stopwords("und").contain("battery")
        );
    }

    #[test]
    fn a_text_of_an_unknown_language_tells_by_its_other_words() {
        let of = |text: &str| stopwords_of(text.split(' ')).contain("die");
        assert!(of("und die batterie von meinem telefon"));
        assert!(!of("will it die before the end of a day"));
        assert!(!of("die"));
        assert!(stopwords_of("der akku".split(' ')).contain("und"));
        let speaking: Vec<&str> = SPEAKING.split_whitespace().collect();
        assert!(
            speaking
                .iter()
                .all(|word| stopwords_of(["und"].into_iter()).contain(word))
        );
    }
}
