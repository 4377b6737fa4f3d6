"""Posts that say different things of two names, so that the target head learns to listen around each name.

Clauses are our own: a name's slot, the feeling toward it, five languages and more. Names are made up from syllables. Beside
them, two labelled posts of one set are set one after the other: each target keeps what was said of it.
"""
import random
import re

# (positive, negative, neutral) clauses of one name, and what joins two of them.
CLAUSES = {
    "en": (
        ["{b} was brilliant", "I love {b}", "{b} sorted my problem in two minutes", "{b} never disappoints", "so happy with {b}",
         "{b} is worth every penny", "great service from {b}", "the people at {b} are lovely", "{b} works like a charm",
         "thank you {b}, you saved my day", "{b} has the best app by far", "big fan of {b}", "{b} arrived early and in perfect shape",
         "{b} tastes amazing", "can't recommend {b} enough", "{b} refunded me without a word"],
        ["{b} is a joke", "{b} lost my parcel", "never again {b}", "{b} keeps crashing", "{b} ignored my emails for weeks",
         "{b} charged me twice", "{b} is overpriced rubbish", "I waited two hours because of {b}", "{b} broke after three days",
         "so fed up with {b}", "{b} has the worst support ever", "{b} ruined my evening", "shame on {b}", "{b} tastes like cardboard",
         "still no answer from {b}", "{b} cancelled my order and kept the money"],
        ["{b} opens at nine", "{b} is on the corner", "I have an account at {b}", "{b} published its figures", "is {b} open on sunday",
         "{b} sells shoes too", "my cousin works at {b}", "{b} moved to a new office"],
        [", but ", ". ", ", while ", ", whereas ", "; meanwhile ", " and yet ", ". On the other hand ", " — ", "! ", ", unlike before. "]),
    "es": (
        ["{b} fue genial", "me encanta {b}", "{b} me lo resolvió en cinco minutos", "estoy muy contento con {b}", "{b} funciona de maravilla",
         "gracias {b}, sois los mejores", "{b} llegó antes de tiempo", "muy recomendable {b}", "la gente de {b} es encantadora",
         "lo de {b} está riquísimo", "{b} vale cada euro", "con {b} todo perfecto"],
        ["{b} es una vergüenza", "{b} perdió mi paquete", "nunca más con {b}", "{b} no contesta", "{b} me cobró dos veces", "{b} falla todo el rato",
         "harta de {b}", "la app de {b} es un asco", "{b} se rompió a los tres días", "por culpa de {b} perdí el vuelo", "qué mal servicio el de {b}",
         "{b} me dejó tirado"],
        ["{b} abre a las nueve", "tengo cuenta en {b}", "{b} publicó sus resultados", "{b} también vende zapatos", "mi primo trabaja en {b}", "{b} está en la plaza"],
        [", pero ", ". ", ", en cambio ", ", mientras que ", "; sin embargo ", "! ", ". Por otro lado "]),
    "de": (
        ["{b} war großartig", "ich liebe {b}", "{b} hat mein Problem sofort gelöst", "mit {b} bin ich sehr zufrieden", "{b} läuft einwandfrei",
         "danke {b}, ihr seid super", "{b} kam früher als gedacht", "{b} kann ich nur empfehlen", "bei {b} sind alle so nett", "{b} schmeckt fantastisch",
         "{b} ist sein Geld wert", "bei {b} wurde mir gleich geholfen"],
        ["{b} ist eine Zumutung", "{b} hat mein Paket verloren", "nie wieder {b}", "{b} stürzt dauernd ab", "{b} antwortet seit Wochen nicht",
         "{b} hat doppelt abgebucht", "{b} ist viel zu teuer und schlecht", "wegen {b} kam ich zu spät", "{b} war nach drei Tagen kaputt",
         "ich habe die Nase voll von {b}", "der Service von {b} ist unterirdisch", "bei {b} hing ich eine Stunde in der Warteschleife"],
        ["{b} öffnet um neun", "ich habe ein Konto bei {b}", "{b} hat Zahlen vorgelegt", "{b} verkauft auch Schuhe", "mein Cousin arbeitet bei {b}", "{b} ist umgezogen"],
        [", aber ", ". ", ", dagegen ", ", während ", "; hingegen ", "! ", ", nur leider: ", ". Ganz anders: "]),
    "fr": (
        ["{b} a été génial", "j'adore {b}", "{b} a réglé mon souci en cinq minutes", "très content de {b}", "{b} marche à merveille",
         "merci {b}, vous êtes au top", "{b} est arrivé en avance", "je recommande {b}", "les gens de {b} sont adorables", "c'est délicieux chez {b}",
         "{b} vaut son prix", "avec {b} tout est parfait"],
        ["{b} est une honte", "{b} a perdu mon colis", "plus jamais {b}", "{b} plante tout le temps", "{b} ne répond pas depuis des semaines",
         "{b} m'a prélevé deux fois", "{b} est hors de prix et nul", "à cause de {b} j'ai raté mon train", "{b} est tombé en panne au bout de trois jours",
         "marre de {b}", "quel service pourri chez {b}", "{b} m'a laissé tomber"],
        ["{b} ouvre à neuf heures", "j'ai un compte chez {b}", "{b} a publié ses résultats", "{b} vend aussi des chaussures", "mon cousin travaille chez {b}"],
        [", mais ", ". ", ", alors que ", ", tandis que ", " ; en revanche ", "! ", ". Par contre "]),
    "pt": (
        ["{b} foi incrível", "adoro a {b}", "{b} resolveu tudo em cinco minutos", "muito feliz com a {b}", "{b} funciona que é uma maravilha",
         "obrigado {b}, vocês são demais", "{b} chegou antes do prazo", "recomendo a {b}", "o pessoal da {b} é um amor", "a comida da {b} é deliciosa",
         "{b} vale cada centavo", "com a {b} foi tudo perfeito"],
        ["{b} é uma vergonha", "{b} perdeu minha encomenda", "nunca mais {b}", "{b} trava toda hora", "{b} não responde há semanas", "{b} cobrou duas vezes",
         "{b} é caro e ruim", "por causa da {b} perdi o voo", "{b} quebrou em três dias", "não aguento mais a {b}", "que atendimento horrível o da {b}",
         "a {b} caiu de novo"],
        ["{b} abre às nove", "tenho conta na {b}", "{b} divulgou os resultados", "{b} também vende sapatos", "meu primo trabalha na {b}"],
        [", mas ", ". ", ", já a outra: ", ", enquanto ", "; em compensação ", "! ", ". Por outro lado, "]),
    "it": (
        ["{b} è stato fantastico", "adoro {b}", "{b} ha risolto tutto in cinque minuti", "molto contento di {b}", "{b} funziona benissimo",
         "grazie {b}, siete i migliori", "{b} è arrivato in anticipo", "consiglio {b} a tutti", "da {b} sono gentilissimi", "da {b} si mangia da dio"],
        ["{b} è una vergogna", "{b} ha perso il mio pacco", "mai più {b}", "{b} si blocca sempre", "{b} non risponde da settimane",
         "{b} mi ha addebitato due volte", "{b} è caro e scadente", "per colpa di {b} ho perso il treno", "{b} si è rotto dopo tre giorni", "stufo di {b}"],
        ["{b} apre alle nove", "ho un conto con {b}", "{b} ha pubblicato i risultati", "{b} vende anche scarpe"],
        [", ma ", ". ", ", invece ", ", mentre ", "; al contrario ", "! "]),
    "ru": (
        ["{b} просто супер", "обожаю {b}", "{b} решили всё за пять минут", "очень довольна {b}", "{b} работает отлично", "спасибо {b}, вы лучшие",
         "{b} привезли раньше срока", "всем советую {b}", "в {b} такие милые люди", "в {b} очень вкусно"],
        ["{b} это позор", "{b} потеряли мою посылку", "больше никогда {b}", "{b} постоянно виснет", "{b} не отвечают неделями", "{b} списали деньги дважды",
         "{b} дорого и плохо", "из-за {b} я опоздал", "{b} сломался через три дня", "надоел этот {b}"],
        ["{b} открывается в девять", "у меня счёт в {b}", "{b} опубликовал отчёт", "в {b} есть и обувь"],
        [", но ", ". ", ", а ", ", зато ", "; напротив, ", "! "]),
    "id": (
        ["{b} keren banget", "suka banget sama {b}", "{b} langsung bantu dalam lima menit", "puas sama {b}", "{b} lancar jaya", "makasih {b}, mantap",
         "{b} sampai lebih cepat", "{b} recommended", "makanan {b} enak banget"],
        ["{b} parah banget", "{b} hilangin paketku", "kapok pakai {b}", "{b} error terus", "{b} nggak balas berminggu-minggu", "{b} motong saldo dua kali",
         "{b} mahal dan jelek", "gara-gara {b} aku telat", "{b} rusak baru tiga hari"],
        ["{b} buka jam sembilan", "aku punya akun di {b}", "{b} juga jual sepatu"],
        [", tapi ", ". ", ", sedangkan ", "; sebaliknya ", "! "]),
    "ar": (
        ["{b} رائع جدا", "أحب {b}", "{b} حلوا مشكلتي في خمس دقائق", "سعيد جدا مع {b}", "{b} يعمل بشكل ممتاز", "شكرا {b} أنتم الأفضل", "أنصح الجميع ب {b}"],
        ["{b} سيء جدا", "{b} ضيعوا طلبيتي", "لن أتعامل مع {b} أبدا", "{b} يتعطل دائما", "{b} لا يردون منذ أسابيع", "{b} خصموا المبلغ مرتين", "تعبت من {b}"],
        ["{b} يفتح الساعة التاسعة", "عندي حساب في {b}", "{b} يبيع أحذية أيضا"],
        ["، لكن ", ". ", "، بينما ", "؛ في المقابل ", "! "]),
    "hi": (
        ["{b} bahut badhiya hai", "mujhe {b} bahut pasand hai", "{b} ne turant madad ki", "{b} se bahut khush hoon", "{b} ekdum mast chalta hai", "thank you {b} aap best ho"],
        ["{b} bilkul bakwaas hai", "{b} ne mera parcel kho diya", "{b} se kabhi nahi lunga", "{b} baar baar band ho jata hai", "{b} jawab hi nahi dete", "{b} ne do baar paise kaat liye"],
        ["{b} nau baje khulta hai", "mera account {b} mein hai"],
        [", lekin ", ". ", ", jabki ", "! "]),
    "tr": (
        ["{b} harikaydı", "{b} çok iyi", "{b} sorunumu beş dakikada çözdü", "{b} çok memnun etti", "teşekkürler {b}, süpersiniz"],
        ["{b} rezalet", "{b} kargomu kaybetti", "bir daha asla {b}", "{b} sürekli çöküyor", "{b} haftalardır cevap vermiyor", "{b} iki kez para çekti"],
        ["{b} dokuzda açılıyor", "{b} hesabım var"],
        [", ama ", ". ", ", oysa ", "! "]),
}
SYLLABLES = ("ba be bo ca ce co da de di do fa fe fi ga go ja ka ke ko la le li lo lu ma me mi mo na ne ni no pa pe po ra re ri ro "
             "sa se si so ta te ti to va ve vi vo za zo ber dor fin gal hel kor lan mar nor pel ran sol tel ven wal").split()
ENDINGS = ("", "", "", "a", "o", "ix", "ia", "on", "ly", "net", "bank", "air", "food", "tel", "shop", "mart", "go", "pay")
CARE = (" 😡", " 😍", " 🙄", " ❤️", " !!", " lol", "", "", "", "", "", "")


def name(rng):
    """A made-up brand, now and then of two words, a handle or a hashtag."""
    word = lambda: "".join(rng.choice(SYLLABLES) for _ in range(rng.choice((2, 2, 3)))) + rng.choice(ENDINGS)
    one = word().capitalize()
    shape = rng.random()
    if shape < 0.1:
        return one + " " + word().capitalize()
    return one.lower() if shape < 0.2 else "#" + one if shape < 0.3 else "@" + one if shape < 0.4 else one.upper() if shape < 0.45 else one


def clause(rng, clauses, label, b):
    text = rng.choice(clauses[{2: 0, 0: 1, 1: 2}[label]])
    return text.replace("{b}", b)


def posts(count=9_000, seed=7):
    """Yields (text, lang, [(name, label), …])."""
    rng = random.Random(seed)
    langs = sorted(CLAUSES)
    for _ in range(count):
        lang = rng.choice(langs)
        parts = CLAUSES[lang]
        labels = rng.choice([(2, 0), (0, 2), (2, 0), (0, 2), (2, 1), (1, 2), (0, 1), (1, 0), (2, 2), (0, 0), (2,), (0,), (1,)])
        names = []
        while len(names) < len(labels):
            b = name(rng)
            if all(b.strip("#@").lower() not in n.lower() and n.strip("#@").lower() not in b.lower() for n in names):
                names.append(b)
        pieces = [clause(rng, parts, label, b) for b, label in zip(names, labels)]
        text = rng.choice(parts[3]).join(pieces)
        text = text if rng.random() < 0.4 else text[0].upper() + text[1:]
        yield text + rng.choice(CARE), lang, list(zip(names, labels))


# Sets whose posts may stand side by side: those with one target each, in the wild.
JOINED = {"dong": 1_500, "entity": 800, "sentirueval-bank": 900, "sentirueval-ttk": 900, "topic-ce": 1_200, "newsmtsc": 400,
          "semeval16-es": 300, "semeval16-fr": 300, "semeval16-ar": 500, "semeval16-nl": 200, "semeval16-tr": 200, "semeval16-ru": 300}


def joined(rows, seed=8):
    """Two posts of one set as one, with all their targets: `rows` is {set: [row]}; yields rows."""
    rng = random.Random(seed)
    for group, count in sorted(JOINED.items()):
        some = [r for r in rows.get(group, []) if r["targets"] and len(r["text"]) < 160]
        for _ in range(count if len(some) > 1 else 0):
            a, b = rng.sample(some, 2)
            named = lambda r: {r["text"][s:t].lower() for spans, _ in r["targets"] for s, t in spans}
            if named(a) & named(b) or any(re.search(re.escape(n), other["text"], re.I) for n, other in
                                          [(n, b) for n in named(a)] + [(n, a) for n in named(b)]):
                continue
            glue = rng.choice((" ", ". ", " | ", "\n", " ... ", ", "))
            shift = len(a["text"]) + len(glue)
            moved = [[[[s + shift, t + shift] for s, t in spans], label] for spans, label in b["targets"]]
            yield {"text": a["text"] + glue + b["text"], "lang": a["lang"], "set": "joined", "labels": {},
                   "targets": a["targets"] + moved, "whole": []}
