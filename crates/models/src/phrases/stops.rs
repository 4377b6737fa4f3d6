//! Stop words: words that part phrases.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;
use text::{Token, Tokens};

/// Space-separated words of each language, folded. Those without diacritics are found through the plain key.
const LISTS: [(&str, &str); 13] = [
    (
        "en",
        "a an the this that these those and or but if then else so as of at by for from in into on onto over under to with \
        without about after before between during until up down out off again once here there when where why how all any both \
        each few more most other some such no nor not only own same than too very can could will would shall should may might \
        must do does did doing done have has had having be am is are was were been being i me my mine we us our ours you your \
        yours he him his she her hers it its they them their theirs who whom whose which what just now also even still ever \
        never always really get gets got getting go goes going gone went come came say says said tell told make makes made \
        take takes took see saw seen know knows knew think thinks thought want wants wanted need needs let lets give gave put \
        keep keeps try trying use like im ive ill id youre youve dont doesnt didnt isnt arent wasnt werent wont cant couldnt \
        wouldnt shouldnt havent hasnt hadnt thats theres whats lets hes shes theyre were s t m re ve ll d one ones much many \
        lot lots yes yeah yet ok okay oh lol rt via amp please thanks thank hi hello because while though since every \
        anyone everyone someone something anything nothing nobody back well way thing things",
    ),
    (
        "de",
        "der die das den dem des ein eine einen einem einer eines und oder aber wenn dann als wie so von vom bei mit ohne \
        für fuer aus nach vor zu zum zur in im ins an am auf über ueber unter um durch gegen bis seit ist sind war waren bin \
        bist sein seid wird werden wurde wurden worden hat habe haben hatte hatten kann können konnte muss müssen soll sollte \
        will wollen darf mag ich du er sie es wir ihr mich dich sich uns euch mir dir ihm ihn ihnen mein meine dein deine \
        seine ihre unser unsere euer nicht kein keine keinen nur noch schon auch sehr mehr immer nie hier da dort wo was wer \
        warum wann dass daß ob weil doch mal ja nein dies diese dieser dieses jetzt heute wieder alle alles man etwas nichts \
        gibt geht macht denn also ganz",
    ),
    (
        "fr",
        "le la les l un une des du de d au aux et ou mais si donc car que qui quoi dont où quand comment pourquoi ce cet \
        cette ces c ça cela mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs je j tu il elle on nous vous ils \
        elles me m te t se s lui y en ne n pas plus moins très trop aussi bien encore toujours jamais déjà ici là dans sur \
        sous avec sans pour par chez entre vers avant après depuis est es suis sont était être été ai as a avons avez ont \
        avait avoir fait faire va vais vont peut peux veux veut faut tout tous toute toutes rien même comme quel quelle non \
        oui qu",
    ),
    (
        "es",
        "el la los las lo un una unos unas y e o u pero si que qué quien quién cual cómo como cuando cuándo donde dónde por \
        porque para con sin de del al a en entre sobre desde hasta hacia mi mis tu tus su sus nuestro nuestra yo tú él ella \
        nosotros ellos ellas usted ustedes me te se nos le les es son era fue fueron ser estar está están estoy soy eres he \
        ha han había hay hacer hace tiene tengo tienen puede puedo quiero va voy van ya no sí muy más menos también tan todo \
        toda todos todas nada algo este esta esto estos estas ese esa eso aquí ahí así ni solo cada otro otra",
    ),
    (
        "pt",
        "o a os as um uma uns umas e ou mas se que quem qual como quando onde por porque para pra com sem de do da dos das \
        no na nos nas em ao aos à às entre sobre desde até meu minha meus minhas seu sua seus suas eu tu você vocês ele ela \
        nós eles elas me te lhe é são era foi foram ser estar está estão estou sou tem tenho têm ter há fazer faz pode posso \
        quero vai vou vão já não sim muito mais menos também tão tudo todo toda todos todas nada este esta isto esse essa \
        isso aqui aí assim nem só cada outro outra pelo pela num numa",
    ),
    (
        "it",
        "il lo la i gli le l un uno una e ed o ma se che chi cui quale come quando dove perché perche per con senza di del \
        dello della dei degli delle da dal dalla in nel nella nei nelle a al alla ai alle su sul sulla tra fra mio mia miei \
        mie tuo tua suo sua nostro vostro loro io tu lui lei noi voi mi ti si ci vi ne è e' sono era erano essere stato stata \
        ho hai ha abbiamo hanno avere fare fa può posso voglio va vado non sì si molto più meno anche così tutto tutti tutta \
        niente questo questa questi quello quella qui già solo ogni altro altra",
    ),
    (
        "nl",
        "de het een en of maar als dan dat die dit deze van bij met zonder voor uit na naar te tot in op aan over onder om \
        door is zijn was waren ben bent wordt worden werd heb hebt heeft hebben had kan kunnen moet moeten zal zou wil mag ik \
        je jij hij zij ze we wij jullie me mij mijn jouw hem haar ons onze hun u niet geen wel ook nog al heel erg meer altijd \
        nooit hier daar waar wat wie waarom wanneer er zo nu weer alle alles iets niets maar toch gaat doet",
    ),
    (
        "ru",
        "и а но или если то что чтобы как когда где почему потому кто который которая которые это этот эта эти тот та те в \
        во на с со к ко у о об от до из за по под над при для без между через я мы ты вы он она оно они меня мне мной нас нам \
        тебя тебе вас вам его ему ее её ей их им мой моя мое мои твой наш ваш свой себя не ни нет да уже еще ещё очень так \
        такой тоже также только даже все всё всех был была было были быть есть будет будут могу может можно надо нужно же ли \
        бы вот тут там здесь сейчас теперь всегда никогда ничего чего чем",
    ),
    (
        "tr",
        "ve veya ama fakat ile için gibi kadar de da ki mi mı mu mü bu şu o bir her hiç çok daha en ben sen biz siz onlar \
        bana sana ona bizi beni seni onu benim senin onun var yok değil ne neden nasıl nerede kim hangi olan olarak oldu \
        olur olsun diye sonra önce şimdi yine artık sadece bile ya evet hayır şey",
    ),
    (
        "pl",
        "i a oraz lub albo ale jeśli jak że żeby co kto który która które gdzie kiedy dlaczego to ten ta te tym tego w we \
        na z ze do od o u za po pod nad przy przez dla bez między ja ty on ona ono my wy oni mnie mi ciebie ci go mu jej ich \
        im nas nam was wam mój moja twój nasz wasz swój się nie tak już jeszcze bardzo też także tylko nawet wszystko jest są \
        był była było były być będzie mam masz ma może można trzeba tu tam teraz zawsze nigdy nic",
    ),
    (
        "id",
        "dan atau tetapi tapi jika kalau yang ini itu di ke dari pada untuk dengan tanpa dalam oleh saya aku kamu anda dia \
        kami kita mereka nya ada adalah akan sudah telah belum tidak bukan jangan bisa dapat harus mau sangat lebih paling \
        juga lagi masih hanya saja semua apa siapa mana kapan kenapa bagaimana karena seperti sama ya gak ga nggak yg dgn utk",
    ),
    (
        "ar",
        "و في من على إلى الى عن مع هذا هذه ذلك تلك التي الذي الذين ما ماذا من هو هي هم نحن انا أنا انت أنت أن ان إن لا لم \
        لن ليس كان كانت يكون قد كل بعض غير بين عند بعد قبل حتى اذا إذا لو لكن أو او ثم كما كيف متى أين يا هل به له لها فيه \
        منه عليه اللي مش ده دي",
    ),
    (
        "hi",
        "का के की को में से पर और या लेकिन अगर तो कि जो यह ये वह वो इस उस इन उन है हैं था थी थे हो होता होती मैं मुझे मेरा मेरी हम \
        हमें तुम आप आपका उसे उनका अपना अपने नहीं न ना ही भी बहुत कुछ सब क्या कौन कब कहाँ क्यों कैसे लिए साथ तक बाद अब गया गई कर करना \
        किया रहा रही रहे ने एक",
    ),
];

type Set = HashSet<&'static str>;

static SETS: LazyLock<HashMap<&'static str, Set>> = LazyLock::new(|| {
    let set = |(lang, list): (&'static str, &'static str)| (lang, list.split_whitespace().collect());
    LISTS.into_iter().map(set).collect()
});
static ALL: LazyLock<Set> = LazyLock::new(|| SETS.values().flatten().copied().collect());

/// The stop words of a language; for one without a list, those of all.
pub(super) struct Stops(&'static Set);

pub(super) fn of(lang: &str) -> Stops {
    Stops(SETS.get(lang).unwrap_or(&ALL))
}

impl Stops {
    pub(super) fn has(&self, tokens: &Tokens, token: &Token) -> bool {
        let plain = tokens.plain(token);
        self.has_word(tokens.key(token)) || plain.is_some_and(|p| self.has_word(p))
    }

    pub(super) fn has_word(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}
