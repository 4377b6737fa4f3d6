//! A small table of what customers talk about, in the main languages.
//!
//! It is made by hand. A stem that ends in `*` stands for every word that begins with it; others for themselves. Stems are
//! folded and without diacritics. In a term of several words the last one that is known decides, as in *battery price*.

/// The clusters, in the order of the table.
pub const CLUSTERS: [&str; 20] = [
    "service",
    "staff",
    "price",
    "delivery",
    "quality",
    "app",
    "account",
    "payment",
    "network",
    "battery",
    "screen",
    "sound",
    "camera",
    "performance",
    "design",
    "food",
    "drinks",
    "place",
    "travel",
    "advertising",
];

const STEMS: [(&str, &str); CLUSTERS.len()] = [
    (
        "service",
        "service* support helpdesk hotline helpline complaint* refund* return* warranty repair* kundendienst kundenservice \
        garantie* reklamation* rückgabe* servicio* atencion reclamo* devolucion* servico* atendimento garantia assistenza servizio* \
        rimborso* reso bediening klantenservice obsluga reklamacj* сервис* обслуживан* поддержк* гаранти* возврат* hizmet* destek \
        servis* layanan pelayanan خدمة الخدمة خدمات सेवा サービス 服务 客服",
    ),
    (
        "staff",
        "staff employee* waiter* waitress* waitstaff server* servers manager* owner* chef cook bartender* host hostess crew \
        driver* agent* personal mitarbeiter* kellner* fahrer* personnel serveur* serveuse* equipe employe* camarer* personal \
        emplead* funcionari* garcom personale camerier* personeel medewerker* ober personel* garson* calisan* сотрудник* персонал* \
        официант* оператор* менеджер* водител* pegawai karyawan pelayan الموظفين موظف موظفين موظفون العاملين 店员 员工",
    ),
    (
        "price",
        "price* pricing pricey cost* fee fees charge* value bill bills rate rates tariff* discount* deal deals offer* cheap \
        expensive preis* kosten gebuhr* tarif* rechnung* rabatt* angebot* prix cout* rapport tarifa* precio* coste* cuenta oferta* \
        descuento* preco* custo* desconto* prezzo prezzi costo costi conto prijs prijzen rekening ceny koszt* fiyat* hesap \
        ucret* indirim* цен* стоимост* тариф* скидк* счет* harga biaya diskon promo* سعر الأسعار اسعار الاسعار السعر कीमत दाम 値段 価格 价格",
    ),
    (
        "delivery",
        "deliver* shipping shipment* parcel* package* courier* order orders packaging dispatch tracking lieferung* \
        lieferzeit* paket* versand bestellung* zustellung livraison* colis commande* envio* entrega* paquete pedido* encomenda* \
        consegna spedizion* pacco ordine levering bezorg* pakket* bestelling* dostaw* przesylk* paczk* teslimat kargo siparis* \
        доставк* посылк* заказ* курьер* pengiriman paket pesanan التوصيل توصيل الطلب शिपिंग डिलीवरी 配送 快递 物流",
    ),
    (
        "quality",
        "quality material* durability build workmanship defect* fault* qualitat* verarbeitung qualite calidad* qualidade* \
        qualita kwaliteit jakosc kalite* качеств* kualitas جودة الجودة गुणवत्ता 品質 质量",
    ),
    (
        "app",
        "app apps application* software website* site update* interface login ui feature* program* programs windows os browser* \
        anwendung* webseite* aktualisierung* logiciel* appli* aplicacion* aplicativo* atualizac* actualizac* applicazion* \
        sito aggiornament* aplikacj* uygulama* приложен* сайт* обновлен* aplikasi التطبيق تطبيق ऐप アプリ 应用",
    ),
    (
        "account",
        "account* password* subscription* membership* contract* profile* konto konten passwort* vertrag* abo compte* \
        abonnement* contrat* cuenta* suscripcion* contrato* conta assinatura* contratto* abbonament* wachtwoord umow* hesab* \
        sozlesme* аккаунт* договор* подписк* akun الحساب حساب खाता アカウント 账户",
    ),
    (
        "payment",
        "payment* pay card cards checkout credit* loan* deposit* transfer* atm bank* mortgage* zahlung* karte* kredit* \
        uberweisung* paiement* carte* virement* pago* tarjeta* credito* transferencia* pagamento* cartao cartoes carta bonifico \
        betaling* betalen platnosc* karta karty odeme* kart kredi* оплат* карт* кредит* ипотек* вклад* перевод* банкомат* \
        pembayaran kartu الدفع بطاقة भुगतान 支払い 支付",
    ),
    (
        "network",
        "network* signal coverage internet wifi wi connection* broadband data roaming call calls netz* empfang verbindung* \
        reseau* connexion* couverture senal cobertura conexion* rede sinal conexao rete segnale copertura netwerk* verbinding* \
        siec zasieg sinyal* sebeke baglanti* связ* сет* интернет* сигнал* роуминг* jaringan koneksi الشبكة شبكة الانترنت नेटवर्क \
        回線 信号 网络",
    ),
    (
        "battery",
        "battery batteries charger* charging power akku* batterie* laden ladegerat* autonomie bateria* cargador* carregador* \
        batteria* accu batterij* pil sarj* батаре* аккумулятор* зарядк* baterai البطارية بطارية बैटरी バッテリー 电池 電池",
    ),
    (
        "screen",
        "screen* display* monitor* resolution touchscreen bildschirm* ecran* pantalla* tela schermo* scherm ekran* экран* \
        диспле* layar الشاشة شاشة स्क्रीन 画面 屏幕",
    ),
    (
        "sound",
        "sound* speaker* audio volume headphone* music noise ton lautsprecher* musik* musique sonido* altavoz musica* som \
        suono geluid muziek dzwiek* ses sesi muzik звук* музык* suara الصوت الموسيقى 音質 音 音楽 音质",
    ),
    (
        "camera",
        "camera* photo* picture* webcam video* kamera* foto* appareil* camara* fotocamera камер* фото* الكاميرا कैमरा カメラ 相机",
    ),
    (
        "performance",
        "performance speed* ram memory processor cpu gpu graphics drive* boot* heat* fan lag crash* runs keyboard* \
        trackpad touchpad mouse geschwindigkeit* leistung* arbeitsspeicher vitesse* velocidad* rendimiento velocidade* desempenho \
        velocita prestazion* snelheid prestatie* szybkosc wydajnosc hiz* performans скорост* производительност* kecepatan \
        السرعة الأداء 速度 性能",
    ),
    (
        "design",
        "design* look looks color* colour* size weight style* shape case farbe* grosse* aussehen gewicht couleur* taille* \
        diseno* tamano* tamanho* colore* colori dimension* kleur* wyglad tasarim* дизайн* цвет* размер* desain التصميم डिज़ाइन \
        デザイン 设计",
    ),
    (
        "food",
        "food* dish* meal* menu* pizza* burger* pasta sushi chicken beef fish seafood steak* salad* soup* dessert* bread \
        breakfast lunch dinner brunch appetizer* entree* sauce* rice noodle* fries cheese taste* flavor* flavour* portion* portions \
        cuisine kitchen ingredient* sandwich* shrimp lamb pork egg* cake* lobster cooking restaurant* essen speise* gericht* \
        speisekarte* fruhstuck geschmack plat plats repas nourriture carte cuisine viande poisson entree* comida* cena plato* carne* \
        pescado* postre* cocina desayuno tapas prato* sobremesa* cibo piatt* cucina eten gerecht* keuken maaltijd* ontbijt jedzen* \
        dani* yemek* lezzet* kahvalti meze* balik еда еды еду едой кухн* блюд* меню салат* суп* мяс* рыб* десерт* завтрак* makanan rasa \
        الطعام طعام الإفطار الافطار المطعم खाना 料理 食べ物 食物 菜",
    ),
    (
        "drinks",
        "drink* wine* beer* coffee* tea cocktail* juice* bar getrank* wein* bier* kaffee* boisson* vin vins cafe* bebida* \
        vino* cerveza* vinho* cerveja* bevand* birra* drank* wijn* koffie napoj* piw* icecek* kahve cay напитк* вин* пив* кофе* \
        чай чая minuman kopi المشروبات القهوة चाय ドリンク 咖啡",
    ),
    (
        "place",
        "place* atmosphere ambiance ambience decor* location* room* seat* table* view* music parking bathroom* toilet* store* \
        shop* hotel* space interior* music garden terrace clean* pool* lobby lage zimmer* atmosphare* ambiente* lieu* cadre \
        chambre* emplacement terrasse* lugar* sitio* local* ubicacion habitacion* terraza* quarto* localizac* posto locale \
        posizione camera camere sfeer locatie kamer* terras miejsc* pokoj* klimat mekan* ortam* oda* manzara* konum мест* \
        атмосфер* интерьер* номер* зал* tempat suasana kamar lokasi المكان الفندق الموقع الغرفة الغرف غرفة जगह 雰囲気 部屋 \
        店 环境",
    ),
    (
        "travel",
        "flight* plane* airport* luggage baggage bag bags boarding gate* train* bus ticket* delay* crew seat seats trip* \
        flug* gepack zug zuge bahn* verspatung* fahrkarte* ticket* vols bagage* retard* billet* vuelo* equipaje* retraso* \
        billete* voo* bagagem atraso* volo voli bagagli* ritardo treno* vlucht* trein* vertraging* loty bagaz opoznien* ucak* \
        ucus* bagaj* rotar* рейс* самолет* багаж* поезд* билет* задержк* penerbangan bagasi kereta tiket الرحلة الطيران उड़ान \
        電車 便 航班",
    ),
    (
        "advertising",
        "ad ads advert* commercial* campaign* marketing sponsor* banner* werbung* kampagne* publicite* pubs \
        anuncio* publicidad* campana* campanha* propaganda* pubblicit* campagn* reclame* advertent* reklam* реклам* iklan \
        الإعلان اعلان विज्ञापन 広告 广告",
    ),
];

/// The cluster of a term (folded words with spaces between), if its words are in one.
pub fn cluster(term: &str) -> Option<&'static str> {
    let exact = |word: &str| {
        STEMS
            .iter()
            .find(|(_, stems)| stems.split_whitespace().any(|s| s == word))
    };
    let stem = |word: &str| {
        let fits = |s: &str| {
            s.strip_suffix('*')
                .and_then(|s| word.starts_with(s).then_some(s.len()))
        };
        let longest = |stems: &str| stems.split_whitespace().filter_map(fits).max();
        let found = STEMS
            .iter()
            .filter_map(|c| longest(c.1).map(|length| (length, c)));
        // Of equals the first in the table.
        found.rev().max_by_key(|f| f.0).map(|f| f.1)
    };
    let of_word = |word: &str| {
        let plain = text::strip_marks(word);
        let word = plain.as_deref().unwrap_or(word);
        exact(word).or_else(|| stem(word))
    };
    term.split(' ').rev().find_map(of_word).map(|c| c.0)
}
