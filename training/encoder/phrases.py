"""Phrases of our own, with slots, for heads no public set teaches in many languages. Made up for this project.

{b} a brand (invented), {x} a thing, {p} a place, {d} a day or time, {n} a number. A complaint stands under its reason, one without under "no reason"."""
import re

BRANDS = ("Veltora Lumyx Nordavia Kasimo Brightcell Zuvio Tarnbank Oroloop Pellaro Mivanta Quickhaul Solenne Dravik Fonira Aerovint "
          "Haldor Nimbusly Corvella Yumbara Trekka Bankoro Ostrava24 Zentelo Lafrica Pixelo").split()
EMOJI = {"complaint": "😡 😤 🤬 🙄 😠 👎".split(), "praise": "😍 🙌 ❤️ 👏 🥰 👍".split(), "question": "🤔 🙏".split(), "purchase": "🛍️ 🤑 😁".split(),
         "suggestion": "💡 🙏".split(), "promotion": "🔥 🎉 👉 ✨".split(), "news": ["📰"], "other": "😂 😴 ☕ 🥲 🎶".split(), "spam": "💰 🔥 👉 🚀 💋".split()}
SLOTS = {
"en": ("the app|my router|the headphones|this phone|the washing machine|your credit card|the coffee maker|the trainers|the blender|the new jacket", "Leeds|Denver|Austin|Glasgow|Toronto|Perth", "today|on Monday|last night|this morning|this weekend"),
"es": ("la app|el router|los auriculares|el móvil|la lavadora|la tarjeta|la cafetera|las zapatillas", "Valencia|Bogotá|Sevilla|Lima|Monterrey", "hoy|el lunes|anoche|esta mañana|el finde"),
"pt": ("o app|o roteador|o fone|o celular|a lavadora|o cartão|a cafeteira|o tênis", "Curitiba|Recife|Porto|Belém|Santos", "hoje|na segunda|ontem à noite|de manhã|no fim de semana"),
"fr": ("l'appli|la box|le casque|ce téléphone|la machine à laver|la carte|la cafetière|la veste", "Lyon|Nantes|Lille|Bruxelles|Dakar", "aujourd'hui|lundi|hier soir|ce matin|ce week-end"),
"de": ("die App|der Router|das Handy|die Waschmaschine|die Karte|der Kopfhörer|die Jacke|der Mixer", "Bremen|Kassel|Graz|Leipzig|Mainz", "heute|am Montag|gestern Abend|heute früh|am Wochenende"),
"it": ("l'app|il router|il telefono|la lavatrice|la carta|la giacca|il frullatore|le cuffie", "Torino|Bari|Genova|Parma|Palermo", "oggi|lunedì|ieri sera|stamattina|nel weekend"),
"ru": ("приложение|роутер|телефон|чайник|карта|куртка|пылесос|ноутбук", "Казани|Самаре|Перми|Твери|Сочи", "сегодня|в понедельник|вчера вечером|утром|на выходных"),
"ar": ("التطبيق|الراوتر|السماعة|الجوال|الغسالة|البطاقة|الساعة", "جدة|عمّان|القاهرة|دبي|الدار البيضاء", "اليوم|أمس|الصبح|يوم الاثنين|هالأسبوع"),
"id": ("aplikasinya|router|headset|hp ini|mesin cuci|kartu|sepatu|blender", "Bandung|Surabaya|Medan|Malang|Solo", "hari ini|kemarin|tadi pagi|hari Senin|minggu ini"),
"hi": ("app|router|phone|washing machine|card|earphone|jacket|mixer", "Jaipur|Pune|Lucknow|Indore|Patna", "aaj|kal raat|subah se|Monday ko|is hafte"),
"th": ("แอป|เราเตอร์|มือถือ|เครื่องซักผ้า|บัตร|หูฟัง|รองเท้า", "เชียงใหม่|ขอนแก่น|ภูเก็ต|โคราช|หาดใหญ่", "วันนี้|เมื่อวาน|เมื่อเช้า|วันจันทร์|อาทิตย์นี้"),
"tr": ("uygulama|modem|telefon|çamaşır makinesi|kart|kulaklık|ceket", "İzmir|Bursa|Antalya|Konya|Adana", "bugün|pazartesi|dün akşam|bu sabah|hafta sonu"),
"nl": ("de app|de router|de telefoon|de wasmachine|de kaart|de koptelefoon|de jas", "Utrecht|Gent|Breda|Zwolle|Leuven", "vandaag|maandag|gisteravond|vanochtend|dit weekend"),
}
PHRASES = {
"en": {
"delay": "my {b} bus turned up {n} minutes after it should have, third time this month|sitting on the plane for {n} minutes and {b} says nothing|so {b} made me miss my connection {d}, brilliant|queue at {b} {p} was over an hour {d}, one till open|why does every single {b} train crawl into {p} behind schedule",
"cancellation": "{b} scrapped our flight to {p} {d} with zero warning|got a text at 5am that {b} called off my booking|{b} just dropped my appointment without asking me, had taken the day off|concert tickets void because {b} pulled the plug on {p}",
"service": "third ticket with {b} and they paste the same answer every time|{n} minutes of hold music with {b} and then they hung up|does anyone at {b} actually read emails? silence since {d}|{b} support bot goes in circles, cannot reach a human|{b} promised to ring me back {d}, guess what, nothing",
"price": "{b} put my monthly up by {n} quid without a word|why am I paying for {x} twice {b}|{b} took money for a plan I left in March|{n} dollars for a sandwich at {b}, you must be joking|hidden extras on every {b} invoice, sneaky",
"quality": "{x} from {b} fell apart after two weeks|{b} used to make solid stuff, {x} feels like a toy|found a hair in my {b} burger {d}|{x} arrived scratched and one button is dead, thanks {b}|the zip on {x} by {b} snapped on day one|room at {b} {p} smelled of damp and the sheets had stains",
"delivery": "{b} says it was handed to me. it was not. where is it|tracking at {b} has said out for delivery since {d}|{b} courier threw my box over the fence|{b} sent my suitcase to {p}, I am not in {p}|{n} days and my {b} order is still sitting in a depot",
"outage": "{x} logs me out every five minutes since the update {b}|is {b} dead in {p} for everyone? no bars at all here|{b} site throws an error at checkout, tried {n} times|{b} internet in {p} drops whenever it rains|cannot get into my {b} account {d}, code never comes",
"refund": "{n} weeks and {b} has yet to give me back what it owes|returned {x} to {b} in May, my cash is nowhere|{b} offers a voucher. I want what I paid, not a voucher|{b} denied me the money for a flight they did not fly",
"staff": "the lady at the {b} desk in {p} rolled her eyes at me|{b} driver shouted at my mum {d}|guard at {b} {p} treats customers like thieves|the guy at the {b} counter was on his phone the whole time and snapped at us",
"no reason": "{b} you really outdid yourselves, and not in a good way|done with {b} for good|how {b} still has customers is beyond me|{b} going downhill year after year|closing my account with {b}, enough is enough",
"question": "does {b} open on Sundays in {p}?|anyone know if {x} works abroad?|how long does {b} take to ship to {p}?|which plan is better, {b} or the other one?|can I bring a dog into {b} {p}?|is {x} waterproof or just splash proof?|hey {b}, what are your opening times {d}?|what's the difference between {b} Pro and {b} Plus?|do i need a ticket for kids under six on {b}?|has anybody tried {x} from {b}, is it worth it?|when is the next {b} drop?|where do I find my {b} customer number|need some help: how do you pair {x} with a laptop?",
"praise": "hands down the nicest people, thank you {b} {p}|{b} fixed {x} in ten minutes and did not even charge me|big love to the crew at {b} in {p} {d}|{x} by {b} is everything I hoped for|never had an issue with {b} in {n} years, class act|the soup at {b} {p}, I still dream of it|{b} just made my kid's birthday, legends|switching to {b} was the smartest thing I did this year|so impressed by how fast {b} answered {d}|ngl {b} slaps|{b} keeps getting better with every update",
"purchase": "ok I gave in, {x} from {b} is on its way|birthday money is going straight to {x}|thinking about switching to {b} next month|my old phone died so it's time for a {b}|adding {x} to my cart as we speak|which shop in {p} stocks {b}? I need one by Friday|picked up {x} {d}, could not resist|saving up for the new {b}, {n} dollars to go|pretty sure I'll get {x} for mum at Christmas|signed the contract with {b} {d}, new car here I come|looking for a used {b}, anyone selling?|ready to sign up with {b}, who has a referral?",
"suggestion": "{b}, a night mode for {x} would help so many of us|idea for {b}: let us split the bill in the app|what if {b} sold smaller packs for people who live alone|dear {b}, put more benches outside the shop in {p}|{b} could use a search box in the order history|wish {b} had a bike rack in {p}|it'd make sense for {b} to open a branch in {p}|next version of {x}: bigger buttons please|{b} ought to print the allergens on the front|maybe offer the {b} ticket on paper too, for my gran|a vegan option on {b} flights, how about it|let people pause their {b} plan during holidays, that's all I ask",
"promotion": "New in at {b}: {x} in five colours. Come by our store in {p}! http|Grab {x} at {n}% off until Sunday 👉 http|Doors open 7pm at {b} {p}, first drink on us|We just launched {b} 2.0. Try it free for {n} days: http|Meet our team at booth {n} in {p} {d}! #{b}|Only {n} seats left for our workshop in {p}. Reserve yours: http|This week at {b}: buy two, get the third free|Treat yourself: {b} gift cards are here http|Your summer starts at {b}. Book your room in {p} from ${n} http|Introducing the all-new {b}. Pre-orders open {d} http|Tag a friend and win {x} from {b}! T&Cs apply",
"news": "{b} to close {n} stores in {p}, union says http|{b} posts record quarterly profit as demand climbs http|Fire at {b} warehouse near {p}, nobody hurt http|{p} council votes to ban e-scooters from the centre http|Regulator opens probe into {b} over data leak http|{b} names new chief executive http|Strike at {b} enters day {n}, talks stalled http|{n} people rescued after ferry runs aground off {p} http|Court rules against {b} in patent case http|Study: one in {n} commuters now works from home http",
"other": "cannot believe it's only Tuesday|my cat has been staring at the wall for {n} minutes|good morning {p}|that match last night, my heart|making pancakes {d} because why not|i miss my school friends so much|haha you always say that|on the train to {p}, rain everywhere|happy birthday bro, see you {d}|lol same|my sister got a new haircut and she looks like a pop star|thinking about life at 3am again|no one in this house ever does the dishes|we walked all the way to {p} and back|still humming that song from {d}",
"spam": "Your {b} account will be suspended, confirm your details at http|lost access to my profile and @rescue_{b} recovered it, contact him|send 0.1 eth and receive 1 back, event by {b} http|Sugar mummy in {p} looks for a young man, weekly allowance, text me|{b} casino: {n} free spins, no deposit http|verified accounts for sale, bulk prices, telegram @{b}shop|mrs Rita helped me make ${n}00 in a week trading, write to her on whatsapp|{n}00 real views for pennies, try it http|Gain {n}00 followers in one day, click http|I made ${n}000 from home last week, DM me to learn how http|Follow everyone who likes this, we follow back!! #followtrain|FREE {b} gift card for the first {n} people http claim now|Hot girls in {p} waiting for you http|Double your crypto with our bot, {n}% daily, join telegram http|Watch the full match LIVE HD free here http http|Congrats! You were picked to receive {x}, verify here http|cheap pills no prescription http|Lose {n} kg in a week with this one trick http|Need a loan today? No credit check, whatsapp +000{n}|RT + follow + tag 3 friends to win an iphone!! http",
"informative": "Road between {p} and the coast closed, bridge under water http|Red Cross shelter opened at the school in {p}, bring blankets|{n} people missing after landslide near {p}, officials say http|Power out in north {p}, {n}000 homes affected|Tornado touched down west of {p}, take cover now|Magnitude {n} quake felt in {p}, no damage reports yet|Explosion at a plant in {p}, {n} hurt, roads sealed off|Blood donors needed at {p} hospital after the crash|Volunteers clear debris in {p} after the storm {d}|Boil your water: supply in {p} contaminated|Police: shooting at {p} station over, suspect held|Evacuation order for {p} {d} as the fire spreads http",
},
"es": {
"delay": "el bus de {b} llegó {n} minutos tarde y nadie avisa|{n} horas sentados en el avión y {b} calladita|por culpa de {b} perdí la conexión {d}",
"cancellation": "{b} nos quitó el vuelo a {p} sin avisar|me llega un mensaje a las 5 de que {b} anula mi reserva|{b} suspendió mi cita {d} y ni una explicación",
"service": "tercera vez que escribo a {b} y me copian la misma respuesta|{n} minutos de musiquita con {b} y me cuelgan|en {b} no hay quien te coja el teléfono",
"price": "{b} me subió la cuota {n} euros sin decir nada|me pasaron dos veces el cargo de {b}|{n} euros por un bocadillo en {b}, ¿en serio?",
"quality": "{x} de {b} me duró dos semanas|{b} ya no es lo que era, puro plástico barato|vino {x} rayado y con un botón muerto, gracias {b}",
"delivery": "{b} dice que ya me lo entregó y aquí no hay nada|mi maleta está en {p} y yo no, bravo {b}|{n} días y el pedido de {b} sigue en el almacén",
"outage": "{b} muerto en {p}, ni una rayita|la web de {b} da error al pagar, ya van {n} intentos|{x} se me cierra cada cinco minutos desde la actualización, {b}",
"refund": "{n} semanas y {b} todavía no me regresa lo que pagué|{b} me ofrece un vale, yo quiero mi plata|devolví {x} en mayo y del dinero ni rastro, {b}",
"staff": "la chica del mostrador de {b} en {p} me habló fatal|el chofer de {b} le gritó a mi mamá {d}|el de seguridad de {b} trata a la gente como ladrones",
"no reason": "con {b} ya terminé, hasta aquí|{b} cada año peor|no entiendo cómo {b} sigue teniendo clientes",
"question": "¿{b} abre los domingos en {p}?|alguien sabe si {x} sirve en el extranjero?|cuánto tarda {b} en enviar a {p}?|hola {b}, qué horario tienen {d}?|se puede entrar con perro a {b}?|¿alguno ha probado {x} de {b}?, vale la pena?|dónde veo mi número de cliente de {b}",
"praise": "qué gente más maja la de {b} en {p}, gracias|{b} me arregló {x} en diez minutos y ni me cobró|{n} años con {b} y cero problemas|la sopa de {b} en {p} es otro nivel|lo de cambiarme a {b} fue la mejor decisión del año|qué rápido contestaron {d} los de {b}, así da gusto|un aplauso para {b}",
"purchase": "ya caí, {x} de {b} viene en camino|el bono se va directo en {x}|estoy pensando en cambiarme a {b}|se me murió el móvil, toca un {b}|ando buscando un {b} de segunda mano, alguien vende?|en qué tienda de {p} hay {b}? lo necesito para el viernes|ahorrando para el nuevo {b}, me faltan {n}",
"suggestion": "{b}, un modo oscuro en {x} nos ayudaría a muchos|idea para {b}: dividir la cuenta desde la app|y si {b} vendiera paquetes más chicos|ojalá {b} abra en {p}|a {b} le falta un buscador en los pedidos|pongan más bancos afuera de {b} en {p}, porfa|para la próxima versión de {x}: botones más grandes",
"promotion": "Nuevo en {b}: {x} en cinco colores. Te esperamos en {p} http|Llévate {x} con {n}% menos hasta el domingo 👉 http|Estrenamos {b} 2.0, pruébalo gratis {n} días http|Quedan {n} plazas para nuestro taller en {p} http|Esta semana en {b}: 2x1 en todo|Reserva tu habitación en {p} desde {n} euros http|Etiqueta a un amigo y gana {x} con {b}",
"news": "{b} cerrará {n} tiendas en {p}, según el sindicato http|{b} logra beneficios récord en el trimestre http|Incendio en un almacén de {b} cerca de {p}, sin heridos http|El ayuntamiento de {p} prohíbe los patinetes en el centro http|{b} nombra nueva directora general http|La huelga de {b} cumple {n} días sin acuerdo http",
"other": "no puede ser que sea martes todavía|mi gato lleva {n} minutos mirando la pared|buenos días {p}|jajaja tal cual|feliz cumple hermano, nos vemos {d}|haciendo tortitas {d} porque sí|extraño a mis amigas del cole|de camino a {p} y lloviendo|en esta casa nadie lava los platos",
"spam": "Tu cuenta {b} será suspendida, confirma tus datos en http|perdí mi perfil y @rescate_{b} lo recuperó, contáctenlo|manda 0.1 eth y recibe 1 http|casino {b}: {n} giros gratis sin depósito http|vendo cuentas verificadas al por mayor, telegram @{b}shop|la señora Rita me ayudó a ganar ${n}00 en una semana invirtiendo, escríbele|busco joven para sugar mommy en {p}, pago semanal|Gana {n}00 seguidores en un día http|gané ${n}000 desde casa, escríbeme y te cuento http|te sigo si me sigues!! #followback|chicas calientes en {p} http|duplica tus criptos, {n}% diario, únete http|partido EN VIVO gratis HD aquí http http|préstamo urgente sin buró whatsapp +000{n}",
"informative": "Cortada la carretera entre {p} y la costa, el puente está bajo el agua http|Abren albergue en la escuela de {p}, lleven mantas|{n} desaparecidos tras el deslave cerca de {p} http|Sin luz el norte de {p}, {n} mil casas",
},
"pt": {
"delay": "o ônibus da {b} chegou {n} minutos depois de novo|{n} horas dentro do avião e a {b} não fala nada|perdi a conexão {d} por culpa da {b}",
"cancellation": "a {b} tirou nosso voo pra {p} sem avisar|mensagem às 5 da manhã: {b} desmarcou minha reserva|{b} suspendeu minha consulta {d} e nem explicou",
"service": "terceira vez que escrevo pra {b} e colam a mesma resposta|{n} minutos de musiquinha na {b} e desligam na minha cara|na {b} só tem robô, falar com gente é impossível",
"price": "a {b} aumentou minha mensalidade em {n} reais caladinha|lançaram duas vezes a {b} no meu cartão|{n} reais num pão de queijo na {b}, tá de brincadeira",
"quality": "{x} da {b} durou duas semanas|a {b} já foi boa, agora é plástico vagabundo|{x} veio riscado e com botão morto, valeu {b}",
"delivery": "{b} diz que entregou, só se foi pro vizinho|minha mala tá em {p} e eu não, parabéns {b}|{n} dias e o pacote da {b} parado no depósito",
"outage": "{b} morta em {p}, nenhum risquinho de sinal|site da {b} dá erro no pagamento, tentei {n} vezes|{x} fecha sozinho desde a atualização da {b}",
"refund": "{n} semanas e a {b} ainda não me devolveu o que paguei|a {b} quer me dar vale, eu quero é a grana|devolvi {x} em maio e nada do valor, {b}",
"staff": "a moça do balcão da {b} em {p} me tratou super mal|motorista da {b} gritou com minha mãe {d}|segurança da {b} olha pra gente como se fosse bandido",
"no reason": "chega de {b}, deu pra mim|a {b} piora a cada ano|não sei como a {b} ainda tem cliente",
"question": "a {b} abre domingo em {p}?|alguém sabe se {x} funciona fora do país?|quanto tempo a {b} demora pra entregar em {p}?|oi {b}, qual o horário de vocês {d}?|pode entrar com cachorro na {b}?|alguém já usou {x} da {b}? vale a pena?|onde vejo meu número de cliente da {b}",
"praise": "que povo querido o da {b} em {p}, obrigada|a {b} consertou {x} em dez minutos e nem cobrou|{n} anos de {b} e nunca tive problema|a sopa da {b} em {p} é outro nível|mudar pra {b} foi a melhor coisa que fiz no ano|rapidez da {b} {d}, assim dá gosto|palmas pra {b}",
"purchase": "não resisti, {x} da {b} tá a caminho|o décimo terceiro vai todo em {x}|tô pensando em trocar pra {b}|meu celular morreu, hora de um {b}|procuro {b} usado, alguém vendendo?|qual loja em {p} tem {b}? preciso até sexta|juntando pro novo {b}, faltam {n} reais",
"suggestion": "{b}, um modo noturno em {x} ajudaria muita gente|ideia pra {b}: dividir a conta pelo app|e se a {b} vendesse pacotes menores|queria tanto uma {b} em {p}|falta uma busca nos pedidos, {b}|coloquem mais bancos na frente da {b} de {p}|próxima versão de {x}: botões maiores por favor",
"promotion": "Novidade na {b}: {x} em cinco cores. Esperamos você em {p} http|Leve {x} com {n}% a menos até domingo 👉 http|Chegou a {b} 2.0, teste grátis por {n} dias http|Restam {n} vagas pra nossa oficina em {p} http|Essa semana na {b}: leve 3 pague 2|Reserve seu quarto em {p} a partir de {n} reais http|Marque um amigo e ganhe {x} da {b}",
"news": "{b} vai fechar {n} lojas em {p}, diz sindicato http|{b} tem lucro recorde no trimestre http|Incêndio em galpão da {b} perto de {p} não deixa feridos http|Câmara de {p} proíbe patinetes no centro http|{b} nomeia nova presidente http|Greve na {b} chega ao dia {n} sem acordo http",
"other": "não acredito que ainda é terça|meu gato tá há {n} minutos encarando a parede|bom dia {p}|kkkk sempre assim|feliz aniversário irmão, até {d}|fazendo panqueca {d} só porque sim|saudade das amigas da escola|indo pra {p} na chuva|ninguém lava louça nessa casa",
"spam": "Sua conta {b} será suspensa, confirme seus dados em http|perdi meu perfil e @resgate_{b} recuperou, chamem ele|mande 0.1 eth e receba 1 http|cassino {b}: {n} giros grátis sem depósito http|vendo contas verificadas, telegram @{b}shop|dona Rita me ajudou a lucrar R${n}00 em uma semana, fala com ela no zap|tigrinho pagando muito agora, cadastre aqui http|Ganhe {n}00 seguidores em um dia http|fiz R${n}000 em casa, chama no direct que te ensino http|sigo de volta todo mundo!! #sdv|garotas quentes em {p} http|dobre suas criptos, {n}% ao dia, entre no grupo http|jogo AO VIVO grátis HD aqui http http|empréstimo na hora sem consulta zap +000{n}",
"informative": "Estrada entre {p} e o litoral fechada, ponte debaixo d'água http|Abrigo aberto na escola de {p}, levem cobertores|{n} desaparecidos após deslizamento perto de {p} http|Sem luz na zona norte de {p}, {n} mil casas",
},
"fr": {
"delay": "le bus {b} arrivé {n} minutes après l'heure, comme d'hab|{n} minutes assis dans l'avion et {b} ne dit rien|correspondance ratée {d} grâce à {b}",
"cancellation": "{b} a supprimé notre vol pour {p} sans prévenir|sms à 5h : {b} a sauté ma réservation|{b} a fait sauter mon rendez-vous {d}, aucune explication",
"service": "troisième mail à {b}, même réponse copiée-collée|{n} minutes de musique d'attente chez {b} puis on me raccroche au nez|impossible d'avoir un humain chez {b}",
"price": "{b} augmente mon abonnement de {n} euros en douce|débité deux fois par {b}|{n} euros le sandwich chez {b}, sérieux",
"quality": "{x} de {b} a tenu deux semaines|{b} c'était du solide avant, maintenant du plastique|reçu {x} avec des rayures et un bouton mort, merci {b}",
"delivery": "{b} dit que c'est remis en main propre, à qui ?|ma valise est à {p} et moi non, bien joué {b}|{n} jours que ma commande {b} dort au dépôt",
"outage": "{b} mort à {p}, zéro barre|le site {b} plante au paiement, {n} essais|{x} me déconnecte toutes les cinq minutes depuis la mise à jour {b}",
"refund": "{n} semaines et {b} ne m'a toujours pas rendu mon argent|{b} me propose un bon d'achat, moi je veux mes sous|j'ai renvoyé {x} en mai, aucun virement de {b}",
"staff": "la dame du guichet {b} à {p} m'a parlé comme à un chien|le chauffeur {b} a crié sur ma mère {d}|le vigile de {b} nous suit comme des voleurs",
"no reason": "{b} c'est fini pour moi|{b} de pire en pire chaque année|je me demande comment {b} a encore des clients",
"question": "{b} est ouvert le dimanche à {p} ?|quelqu'un sait si {x} marche à l'étranger ?|combien de temps met {b} pour livrer à {p} ?|bonjour {b}, vos horaires {d} ?|on peut venir avec un chien chez {b} ?|vous avez testé {x} de {b} ? ça vaut le coup ?|je trouve où mon numéro client {b}",
"praise": "des gens en or chez {b} à {p}, merci|{b} a réparé {x} en dix minutes sans rien facturer|{n} ans chez {b} et jamais un souci|la soupe de {b} à {p}, un autre monde|passer chez {b}, ma meilleure idée de l'année|ils ont répondu si vite {d} chez {b}, ça fait plaisir|chapeau bas {b}",
"purchase": "j'ai craqué, {x} de {b} est en route|mon bonus part direct dans {x}|je réfléchis à passer chez {b}|mon tel est mort, ce sera un {b}|cherche {b} d'occasion, quelqu'un vend ?|quelle boutique à {p} a du {b} ? il m'en faut un pour vendredi|j'économise pour le nouveau {b}, encore {n} euros",
"suggestion": "{b}, un mode nuit pour {x} aiderait plein de monde|idée pour {b} : partager l'addition dans l'appli|et si {b} vendait de plus petits paquets|vivement un {b} à {p}|il manque une recherche dans les commandes {b}|mettez des bancs devant {b} à {p} svp|pour la prochaine version de {x} : des boutons plus gros",
"promotion": "Nouveau chez {b} : {x} en cinq couleurs, on vous attend à {p} http|{x} à -{n}% jusqu'à dimanche 👉 http|{b} 2.0 est là, essai gratuit {n} jours http|Plus que {n} places pour notre atelier à {p} http|Cette semaine chez {b} : le troisième offert|Votre chambre à {p} dès {n} euros http|Taguez un ami et gagnez {x} avec {b}",
"news": "{b} va fermer {n} magasins à {p}, selon le syndicat http|{b} : bénéfice record au trimestre http|Incendie dans un entrepôt {b} près de {p}, pas de blessés http|{p} interdit les trottinettes au centre http|{b} nomme une nouvelle directrice générale http|Grève chez {b} : {n}e jour sans accord http",
"other": "c'est pas possible on est que mardi|mon chat fixe le mur depuis {n} minutes|bonjour {p}|mdr toujours pareil|joyeux anniv frérot, à {d}|je fais des crêpes {d} juste comme ça|mes copines du lycée me manquent|dans le train pour {p}, il pleut|personne fait la vaisselle ici",
"spam": "Votre compte {b} sera suspendu, confirmez ici http|j'avais perdu mon profil, @secours_{b} l'a récupéré, contactez-le|envoie 0.1 eth, reçois 1 http|casino {b} : {n} tours gratuits sans dépôt http|vends comptes vérifiés, telegram @{b}shop|madame Rita m'a aidé à gagner {n}00€ en une semaine, écrivez-lui sur whatsapp|sugar mummy à {p} cherche jeune homme, sérieux|{n}00 abonnés en un jour http|j'ai gagné {n}000€ depuis chez moi, mp moi http|je follow back tout le monde !! #followback|filles chaudes à {p} http|double tes cryptos, {n}% par jour, rejoins le groupe http|match EN DIRECT gratuit HD ici http http|prêt rapide sans justificatif whatsapp +000{n}",
"informative": "Route coupée entre {p} et la côte, le pont est sous l'eau http|Gymnase ouvert aux sinistrés à {p}, apportez des couvertures|{n} disparus après un glissement de terrain près de {p} http|Panne de courant au nord de {p}, {n}000 foyers",
},
"de": {
"delay": "Bus von {b} kam {n} Minuten nach Plan, zum dritten Mal|{n} Minuten im Flieger und {b} sagt nix|Anschluss weg {d}, danke {b}",
"cancellation": "{b} streicht unseren Flug nach {p} ohne ein Wort|SMS um 5 Uhr: {b} hat meine Buchung rausgeworfen|{b} hat meinen Termin {d} einfach abgesagt",
"service": "dritte Mail an {b}, immer derselbe Textbaustein|{n} Minuten Warteschleife bei {b}, dann aufgelegt|bei {b} erreicht man nur noch den Bot",
"price": "{b} erhöht den Beitrag um {n} Euro, heimlich still und leise|{b} bucht zweimal ab, seid ihr noch ganz dicht|{n} Euro fürs Brötchen bei {b}, nee oder",
"quality": "{x} von {b} hat zwei Wochen gehalten|{b} war mal Qualität, jetzt nur noch Plastik|{x} kam zerkratzt an und ein Knopf ist tot, danke {b}",
"delivery": "{b} behauptet, es sei zugestellt. Bei wem?|mein Koffer ist in {p}, ich nicht, bravo {b}|{n} Tage liegt meine Bestellung bei {b} im Lager",
"outage": "{b} tot in {p}, kein einziger Balken|Seite von {b} wirft beim Bezahlen Fehler, {n} Versuche|{x} wirft mich seit dem Update alle fünf Minuten raus, {b}",
"refund": "{n} Wochen und {b} hat mir mein Geld noch nicht überwiesen|{b} bietet einen Gutschein, ich will mein Geld|Ware im Mai zurückgeschickt, von {b} kam kein Cent",
"staff": "die Dame am Schalter von {b} in {p} hat mich angeraunzt|Fahrer von {b} brüllt meine Mutter an {d}|Türsteher bei {b} behandelt einen wie einen Dieb",
"no reason": "{b}, das war's mit uns|{b} wird jedes Jahr mieser|wer ist eigentlich noch Kunde bei {b}",
"question": "hat {b} in {p} sonntags offen?|weiß wer, ob {b} auch im Ausland geht?|wie lange braucht {b} bis {p}?|Hallo {b}, wann habt ihr {d} auf?|darf der Hund mit zu {b}?|hat schon wer {b} probiert, lohnt sich das?|wo steht meine Kundennummer bei {b}",
"praise": "so liebe Leute bei {b} in {p}, danke euch|{b} hat das in zehn Minuten repariert und nichts verlangt|{n} Jahre {b} und nie Ärger|die Suppe bei {b} in {p}, ein Traum|Wechsel zu {b} war meine beste Idee dieses Jahr|so schnell geantwortet {d}, Hut ab {b}|läuft bei {b}, Daumen hoch",
"purchase": "schwach geworden, {b} ist unterwegs zu mir|Weihnachtsgeld geht komplett für {b} drauf|überlege, zu {b} zu wechseln|Handy tot, jetzt wird's ein {b}|suche gebrauchtes {b}, wer verkauft?|welcher Laden in {p} hat {b}? brauch es bis Freitag|spare auf das neue {b}, noch {n} Euro",
"suggestion": "{b}, ein Nachtmodus würde vielen helfen|Idee für {b}: Rechnung in der App teilen|was wäre, wenn {b} kleinere Packungen verkauft|bitte mal eine Filiale in {p}, {b}|bei {b} fehlt eine Suche in den Bestellungen|stellt doch mehr Bänke vor {b} in {p}|fürs nächste Update, {b}: größere Knöpfe",
"promotion": "Neu bei {b}: fünf Farben, kommt vorbei in {p}! http|{n}% weniger bis Sonntag 👉 http|{b} 2.0 ist da, {n} Tage gratis testen http|Noch {n} Plätze frei in unserem Workshop in {p} http|Diese Woche bei {b}: drei zum Preis von zwei|Zimmer in {p} ab {n} Euro, hier buchen http|Markiere einen Freund und gewinne mit {b}",
"news": "{b} schließt {n} Filialen in {p}, so die Gewerkschaft http|{b} mit Rekordgewinn im Quartal http|Brand im Lager von {b} bei {p}, keine Verletzten http|{p} verbannt E-Scooter aus der Innenstadt http|{b} bekommt neue Chefin http|Streik bei {b}: Tag {n} ohne Einigung http",
"other": "wie, erst Dienstag?|meine Katze starrt seit {n} Minuten die Wand an|guten Morgen {p}|haha typisch|alles Gute Bruder, bis {d}|mache {d} Pfannkuchen, einfach so|vermisse meine Schulfreunde|im Zug nach {p}, Regen|hier spült nie jemand ab",
"spam": "Ihr {b}-Konto wird gesperrt, bestätigen Sie hier http|Profil weg, @rettung_{b} hat es zurückgeholt, schreibt ihm|sende 0.1 eth, bekomme 1 http|{b} Casino: {n} Freispiele ohne Einzahlung http|verkaufe verifizierte Accounts, telegram @{b}shop|Frau Rita half mir, {n}00 Euro in einer Woche zu machen, whatsapp an sie|Sugar Mama in {p} sucht jungen Mann, Taschengeld|{n}00 Follower an einem Tag http|{n}000 Euro von zuhause verdient, schreib mir http|folge allen zurück!! #followback|heiße Girls in {p} http|verdopple deine Coins, {n}% täglich, komm in die Gruppe http|Spiel LIVE gratis HD hier http http|Sofortkredit ohne Schufa whatsapp +000{n}",
"informative": "Straße zwischen {p} und der Küste gesperrt, Brücke unter Wasser http|Notunterkunft in der Schule in {p} offen, bringt Decken|{n} Vermisste nach Erdrutsch bei {p} http|Stromausfall im Norden von {p}, {n}000 Haushalte",
},
"it": {
"delay": "il bus {b} arrivato {n} minuti dopo, terza volta|{n} minuti fermi in aereo e {b} zitta|coincidenza persa {d} grazie a {b}",
"cancellation": "{b} ci ha tolto il volo per {p} senza avvisare|sms alle 5: {b} ha annullato la mia prenotazione|{b} ha disdetto il mio appuntamento {d} e basta",
"service": "terza mail a {b}, sempre la stessa risposta copiata|{n} minuti di musichetta con {b} poi riattaccano|da {b} parli solo col bot",
"price": "{b} aumenta il canone di {n} euro in silenzio|addebito doppio da {b}|{n} euro un panino da {b}, ma siete seri",
"quality": "{x} di {b} è durato due settimane|{b} una volta era roba solida, ora plasticaccia|arrivato {x} graffiato e con un tasto morto, grazie {b}",
"delivery": "{b} dice consegnato. A chi?|la mia valigia è a {p} e io no, brava {b}|{n} giorni che l'ordine {b} dorme in magazzino",
"outage": "{b} morta a {p}, zero tacche|il sito {b} dà errore al pagamento, {n} tentativi|{x} mi butta fuori ogni cinque minuti dopo l'aggiornamento {b}",
"refund": "{n} settimane e {b} non mi ha ancora ridato i soldi|{b} mi offre un buono, io rivoglio i miei soldi|reso {x} a maggio, da {b} neanche un euro",
"staff": "la signora allo sportello {b} di {p} mi ha trattata malissimo|l'autista {b} ha urlato a mia madre {d}|il buttafuori di {b} ti guarda come un ladro",
"no reason": "con {b} ho chiuso|{b} ogni anno peggio|mi chiedo chi sia ancora cliente di {b}",
"question": "{b} apre la domenica a {p}?|qualcuno sa se {x} va anche all'estero?|quanto ci mette {b} a spedire a {p}?|ciao {b}, che orari fate {d}?|si entra col cane da {b}?|avete provato {x} di {b}? ne vale la pena?|dove trovo il mio codice cliente {b}",
"praise": "che persone d'oro da {b} a {p}, grazie|{b} mi ha sistemato {x} in dieci minuti gratis|{n} anni con {b} e mai un problema|la zuppa di {b} a {p}, da sogno|passare a {b}, la scelta più giusta dell'anno|risposta velocissima {d}, bravi {b}|tanto di cappello {b}",
"purchase": "ho ceduto, {x} di {b} è in arrivo|la tredicesima va tutta in {x}|sto pensando di passare a {b}|telefono morto, tocca a un {b}|cerco {b} usato, chi vende?|che negozio a {p} ha {b}? mi serve per venerdì|metto via per il nuovo {b}, mancano {n} euro",
"suggestion": "{b}, una modalità notte aiuterebbe tanti|idea per {b}: dividere il conto nell'app|e se {b} vendesse confezioni più piccole|quanto vorrei un {b} a {p}|manca una ricerca negli ordini, {b}|mettete più panchine davanti a {b} di {p}|per la prossima versione di {x}: tasti più grandi",
"promotion": "Novità da {b}: {x} in cinque colori, vieni a trovarci a {p} http|{x} a -{n}% fino a domenica 👉 http|È arrivato {b} 2.0, prova gratis per {n} giorni http|Ultimi {n} posti per il nostro corso a {p} http|Questa settimana da {b}: il terzo è gratis|La tua camera a {p} da {n} euro http|Tagga un amico e vinci {x} con {b}",
"news": "{b} chiuderà {n} negozi a {p}, dice il sindacato http|{b}, utile record nel trimestre http|Rogo in un magazzino {b} vicino a {p}, nessun ferito http|{p} vieta i monopattini in centro http|{b} nomina la nuova ad http|Sciopero {b}, giorno {n} senza accordo http",
"other": "ma come è solo martedì|il mio gatto fissa il muro da {n} minuti|buongiorno {p}|ahah sempre uguale|auguri fratello, ci vediamo {d}|faccio i pancake {d} perché sì|mi mancano le amiche di scuola|in treno per {p}, piove|qui nessuno lava i piatti",
"spam": "Il tuo conto {b} sarà sospeso, conferma qui http|perso il profilo, @aiuto_{b} me l'ha recuperato, contattatelo|manda 0.1 eth, ricevi 1 http|casinò {b}: {n} giri gratis senza deposito http|vendo account verificati, telegram @{b}shop|la signora Rita mi ha fatto guadagnare {n}00€ in una settimana, scrivile|{n}00 follower in un giorno http|ho fatto {n}000€ da casa, scrivimi http|ricambio tutti!! #followback|ragazze calde a {p} http|raddoppia le tue crypto, {n}% al giorno, entra nel gruppo http|partita in DIRETTA gratis HD qui http http|prestito subito senza busta paga whatsapp +000{n}",
"informative": "Chiusa la strada tra {p} e la costa, ponte sott'acqua http|Aperta la palestra per gli sfollati a {p}, portate coperte|{n} dispersi dopo la frana vicino a {p} http|Senza luce la zona nord di {p}, {n}mila case",
},
"ru": {
"delay": "автобус {b} пришёл на {n} минут позже, третий раз за месяц|{n} минут сидим в самолёте, {b} молчит|из-за {b} {d} не успел на пересадку",
"cancellation": "{b} снял наш рейс и не предупредил|смс в 5 утра: {b} аннулировал бронь|{b} {d} просто перенёс мою запись на никогда",
"service": "третье письмо в {b}, и та же отписка|{n} минут музыки на линии {b}, потом бросили трубку|в {b} до живого человека не добраться",
"price": "{b} поднял абонентку на {n} рублей втихую|{b} снял деньги два раза|{n} рублей за бутерброд в {b}, вы серьёзно",
"quality": "{x} от {b} прожил две недели|{b} раньше делал вещи, а теперь пластик|пришёл {x} с царапинами и мёртвой кнопкой, спасибо {b}",
"delivery": "{b} пишет вручено. Кому?|чемодан улетел без меня, браво {b}|{n} дней мой заказ лежит на складе {b}",
"outage": "{b} умер, ни одной палочки|сайт {b} выдаёт ошибку при оплате, {n} попыток|после обновления {b} вылетает каждые пять минут",
"refund": "{n} недель {b} не отдаёт мои деньги|{b} предлагает бонусы, а мне нужны мои деньги|сдал {x} в мае, от {b} ни копейки",
"staff": "тётя в кассе {b} в {p} на меня наорала|водитель {b} {d} нахамил маме|охранник {b} смотрит как на вора",
"no reason": "{b}, прощайте, с меня хватит|{b} с каждым годом всё хуже|кто вообще ещё клиент {b}",
"question": "{b} в {p} работает в воскресенье?|кто знает, {x} ловит за границей?|сколько {b} везёт до регионов?|{b}, добрый день, до скольки вы {d}?|в {b} пускают с собакой?|кто пробовал {x} от {b}, стоит брать?|где посмотреть номер договора {b}",
"praise": "какие чудесные люди в {b} в {p}, спасибо|{b} починил {x} за десять минут и денег не взял|{n} лет с {b} и ни одной проблемы|суп в {b} в {p} просто сказка|переход на {b} лучшее решение года|{d} ответили за минуту, {b} красавцы|{b}, снимаю шляпу",
"purchase": "не удержался, {x} от {b} уже едет ко мне|премия уйдёт на {x}|думаю перейти на {b}|телефон умер, беру {b}|ищу {b} с рук, кто продаёт?|в каком магазине в {p} есть {b}? нужно к пятнице|коплю на новый {b}, осталось {n} тысяч",
"suggestion": "{b}, ночная тема помогла бы многим|идея для {b}: делить счёт в приложении|а что если {b} будет продавать упаковки поменьше|{b}, откройтесь в {p} пожалуйста|в {b} не хватает поиска по заказам|поставьте лавочки у {b} в {p}|к следующей версии {b}: кнопки побольше",
"promotion": "Новинка в {b}: пять цветов, ждём вас в {p} http|Минус {n}% до воскресенья 👉 http|Вышел {b} 2.0, попробуйте бесплатно {n} дней http|Осталось {n} мест на наш мастер-класс в {p} http|На этой неделе в {b}: третий бесплатно|Номера в {p} от {n} евро, бронируйте http|Отметь друга и выиграй {x} от {b}",
"news": "{b} закроет {n} магазинов, сообщает профсоюз http|{b} отчитался о рекордной прибыли за квартал http|Пожар на складе {b}, пострадавших нет http|В {p} запретили самокаты в центре http|{b} назначил нового директора http|Забастовка в {b}: {n}-й день без соглашения http",
"other": "не верю, что только вторник|кот уже {n} минут смотрит в стену|доброе утро|ахаха как всегда|с днюхой брат, увидимся {d}|пеку блины {d} просто так|скучаю по школьным друзьям|еду в поезде, дождь|никто в этом доме не моет посуду",
"spam": "Ваш аккаунт {b} будет заблокирован, подтвердите тут http|потерял страницу, @help_{b} вернул, пишите ему|отправь 0.1 eth, получи 1 http|казино {b}: {n} фриспинов без депозита http|продам верифицированные аккаунты, телеграм @{b}shop|Рита помогла поднять {n}000 за неделю, пишите ей в ватсап|{n}00 подписчиков за день http|заработал {n}000 дома, пиши в лс http|взаимная подписка, подпишусь на всех!! #взаимно|девушки в {p} ждут тебя http|удвой крипту, {n}% в день, вступай в канал http|матч ОНЛАЙН бесплатно HD тут http http|займ без отказа ватсап +000{n}",
"informative": "Трасса у побережья закрыта, мост под водой http|Пункт обогрева в школе в {p}, несите одеяла|{n} пропавших после оползня http|Без света север города, {n} тысяч домов",
},
"ar": {
"delay": "باص {b} وصل بعد {n} دقيقة من موعده، ثالث مرة|{n} دقيقة قاعدين في الطيارة و{b} ساكتة|فاتتني الرحلة الثانية {d} بسبب {b}",
"cancellation": "{b} شالت رحلتنا إلى {p} بدون خبر|رسالة الساعة ٥ الفجر: {b} ألغت حجزي|{b} طيّرت موعدي {d} بدون سبب",
"service": "ثالث ايميل لـ {b} ونفس الرد المنسوخ|{n} دقيقة موسيقى مع {b} وبعدين قفلوا الخط|في {b} ما تكلم الا روبوت",
"price": "{b} رفعت الاشتراك {n} ريال بدون ما تقول|{b} خصمت مني مرتين|ساندويتش بـ {n} ريال في {b} من جدكم",
"quality": "{x} من {b} عاش أسبوعين بس|{b} كانت زمان قوية والحين بلاستيك|وصلني {x} مخدوش وزر ميت، شكرا {b}",
"delivery": "{b} تقول تم التسليم، لمين؟|شنطتي في {p} وأنا لا، برافو {b}|{n} أيام وطلبي نايم في مستودع {b}",
"outage": "{b} ميتة في {p} ولا برج واحد|موقع {b} يعطي خطأ عند الدفع، جربت {n} مرات|{x} يطلعني كل خمس دقايق بعد تحديث {b}",
"refund": "{n} أسابيع و{b} ما رجعت لي حقي|{b} تبغى تعطيني قسيمة وأنا أبغى فلوسي|رجعت {x} في مايو ولا ريال من {b}",
"staff": "اللي على الكاونتر في {b} {p} كلمني بقلة أدب|سواق {b} صرخ على أمي {d}|حارس {b} يعاملنا كأننا سراق",
"no reason": "خلاص {b} انتهينا|{b} كل سنة أسوأ من اللي قبلها|مين باقي عميل عند {b} أصلا",
"question": "{b} تفتح الجمعة في {p}؟|أحد يعرف {x} يشتغل برا؟|كم ياخذ التوصيل من {b} لـ {p}؟|السلام عليكم {b} كم دوامكم {d}؟|ينفع ادخل بالأطفال في {b}؟|مين جرب {x} من {b}؟ يستاهل؟|وين ألقى رقم العميل في {b}",
"praise": "ناس ذوق في {b} {p}، يعطيكم العافية|{b} صلحوا {x} في عشر دقايق وما أخذوا شي|{n} سنين مع {b} ولا مشكلة|شوربة {b} في {p} حكاية ثانية|تحويلي على {b} أحلى قرار هالسنة|سرعة رد {b} {d} تفتح النفس|كفو {b}",
"purchase": "ما قدرت أقاوم، {x} من {b} في الطريق|المكافأة رايحة على {x}|أفكر أحول على {b}|جوالي مات، الجاي {b}|أدور {b} مستعمل، مين يبيع؟|أي محل في {p} عنده {b}؟ أحتاجه قبل الجمعة|أجمع فلوس {b} الجديد باقي {n}",
"suggestion": "{b} الوضع الليلي في {x} بيفيد ناس كثير|فكرة لـ {b}: تقسيم الفاتورة من التطبيق|وش رايكم {b} لو تبيعون حجم أصغر|نتمنى فرع لـ {b} في {p}|ناقص {b} خانة بحث في الطلبات|حطوا كراسي قدام {b} في {p}|التحديث الجاي لـ {x}: أزرار أكبر",
"promotion": "جديد {b}: {x} بخمسة ألوان، ننتظركم في {p} http|{x} أقل بـ {n}% لين الأحد 👉 http|وصل {b} 2.0 جربه مجانا {n} يوم http|باقي {n} مقاعد في ورشتنا في {p} http|هالأسبوع في {b}: الثالثة علينا|غرفتك في {p} من {n} دولار http|منشن صديقك واربح {x} مع {b}",
"news": "{b} تغلق {n} متجرا في {p} بحسب النقابة http|أرباح قياسية لـ {b} في الربع الأخير http|حريق في مستودع {b} قرب {p} دون إصابات http|بلدية {p} تمنع السكوتر في الوسط http|{b} تعين رئيسة تنفيذية جديدة http|إضراب {b} يدخل يومه {n} http",
"other": "معقول اليوم الثلاثاء بس|قطتي تناظر الجدار من {n} دقيقة|صباح الخير {p}|هههه نفس كل مرة|كل عام وانت بخير يا أخوي، نشوفك {d}|قاعد اسوي بان كيك {d} كذا|وحشوني صحبات المدرسة|في الطريق إلى {p} والجو مطر|ما أحد يغسل المواعين في هالبيت",
"spam": "سيتم ايقاف حسابك في {b}، أكد بياناتك http|ضاع حسابي ورجعه لي @help_{b} تواصلوا معه|ارسل 0.1 ايثيريوم واستلم 1 http|كازينو {b} {n} لفة مجانية بدون ايداع http|حسابات موثقة للبيع تلجرام @{b}shop|السيدة ريتا ساعدتني اربح {n}00 دولار في اسبوع كلموها واتساب|{n}00 متابع في يوم واحد http|ربحت {n}000 من البيت، راسلني http|تابعني وأتابعك فورا!! #فولو_باك|بنات {p} في انتظارك http|ضاعف عملاتك {n}% يوميا ادخل القروب http|بث مباشر مجاني للمباراة HD هنا http http|سداد قروض فوري واتساب +000{n}",
"informative": "إغلاق الطريق بين {p} والساحل، الجسر تحت الماء http|فتح مركز إيواء في مدرسة {p}، أحضروا بطانيات|{n} مفقودين بعد انهيار قرب {p} http|انقطاع الكهرباء شمال {p}، {n} ألف منزل",
},
"id": {
"delay": "bus {b} datang {n} menit setelah jadwal, udah tiga kali|{n} menit duduk di pesawat, {b} diem aja|ketinggalan kereta {d} gara-gara {b}",
"cancellation": "{b} menghapus penerbangan kami ke {p} tanpa kabar|sms jam 5 pagi: pesanan {b} dibatalkan sepihak|{b} meniadakan jadwal saya {d} seenaknya",
"service": "email ketiga ke {b}, jawabannya copas semua|{n} menit dengerin musik tunggu {b} terus dimatiin|di {b} cuma ada bot, manusianya mana",
"price": "{b} naikin langganan {n} ribu diam-diam|saldo saya dipotong dua kali sama {b}|roti {n} ribu di {b}, yang bener aja",
"quality": "{x} dari {b} cuma tahan dua minggu|dulu {b} awet, sekarang plastik murahan|{x} dateng lecet dan tombolnya mati, makasih {b}",
"delivery": "{b} bilang sudah diterima. sama siapa?|koper saya di {p}, sayanya enggak, hebat {b}|{n} hari pesanan {b} ngendon di gudang",
"outage": "{b} mati total di {p}, ga ada bar|web {b} gagal terus pas bayar, {n} kali coba|{x} keluar sendiri tiap lima menit sejak update {b}",
"refund": "{n} minggu uang saya belum dibalikin {b}|{b} ngasih voucher, saya maunya uang|sudah retur {x} bulan Mei, dari {b} sepeser pun belum",
"staff": "mbak di loket {b} {p} judes banget|sopir {b} bentak ibu saya {d}|satpam {b} ngeliatin kita kayak maling",
"no reason": "cukup sudah sama {b}|{b} makin tahun makin parah|heran masih ada yang pakai {b}",
"question": "{b} di {p} buka hari Minggu?|ada yang tau {x} bisa dipakai di luar negeri?|berapa hari kirim dari {b} ke {p}?|halo {b}, {d} tutup jam berapa ya?|boleh bawa anjing ke {b} ga?|udah ada yang coba {x} dari {b}? worth it?|nomor pelanggan {b} lihatnya di mana",
"praise": "orang-orang {b} {p} baik banget, makasih|{b} benerin {x} sepuluh menit, gratis pula|{n} tahun pakai {b} ga pernah ada masalah|sup di {b} {p} juara|pindah ke {b} keputusan terbaik tahun ini|cepet banget dibalas {d}, jempol buat {b}|angkat topi buat {b}",
"purchase": "akhirnya luluh, {x} dari {b} lagi otw|THR langsung lari ke {x}|lagi mikir pindah ke {b}|hp mati, gantinya {b} aja|cari {b} bekas, ada yang jual?|toko mana di {p} yang ada {b}? butuh sebelum Jumat|nabung buat {b} baru, kurang {n} ratus",
"suggestion": "{b}, mode gelap di {x} bakal nolong banyak orang|ide buat {b}: bagi tagihan lewat aplikasi|gimana kalau {b} jual ukuran kecil|semoga {b} buka di {p}|{b} kurang kolom cari di riwayat pesanan|kasih bangku dong di depan {b} {p}|versi berikutnya {x}: tombolnya digedein ya",
"promotion": "Baru di {b}: {x} lima warna, mampir ke {p} http|{x} lebih murah {n}% sampai Minggu 👉 http|{b} 2.0 sudah hadir, coba gratis {n} hari http|Sisa {n} kursi untuk kelas kami di {p} http|Minggu ini di {b}: beli dua gratis satu|Kamar di {p} mulai {n} ribu http|Tag temanmu dan menangkan {x} dari {b}",
"news": "{b} akan tutup {n} toko di {p}, kata serikat http|{b} catat laba tertinggi kuartal ini http|Gudang {b} dekat {p} terbakar, tak ada korban http|Pemkot {p} larang skuter di pusat kota http|{b} tunjuk direktur baru http|Mogok kerja {b} masuk hari ke-{n} http",
"other": "kok baru Selasa sih|kucingku udah {n} menit liatin tembok|selamat pagi {p}|wkwk selalu gitu|met ultah bro, ketemu {d}|bikin pancake {d} iseng aja|kangen temen sekolah|otw {p}, hujan|di rumah ini ga ada yang cuci piring",
"spam": "Akun {b} Anda akan ditangguhkan, konfirmasi di http|akun hilang dibalikin sama @help_{b}, hubungi dia|kirim 0.1 eth terima 1 http|kasino {b}: {n} putaran gratis tanpa deposit http|jual akun terverifikasi, telegram @{b}shop|bu Rita bantu saya untung {n} juta seminggu, chat wa aja|nambah {n}00 followers sehari http|dapat {n} juta dari rumah, dm aja http|follow aku pasti difollback!! #follback|cewek cantik {p} bisa bo http|gandakan kripto, {n}% per hari, gabung grup http|nonton bola LIVE gratis HD di sini http http|pinjaman cair tanpa jaminan wa +000{n}",
"informative": "Jalan dari {p} ke pantai ditutup, jembatan terendam http|Posko dibuka di sekolah {p}, bawa selimut|{n} orang hilang akibat longsor dekat {p} http|Listrik padam di utara {p}, {n} ribu rumah",
},
"hi": {
"delay": "{b} ki bus {n} minute baad aayi, teesri baar|{n} minute se plane mein baithe hain aur {b} chup hai|{b} ki wajah se {d} connection chhoot gaya",
"cancellation": "{b} ne {p} ki flight bina bataye hata di|subah 5 baje message: {b} ne booking radd kar di",
"service": "{b} ko teesra mail, wahi copy paste jawab|{n} minute music suna {b} pe aur phir phone kaat diya|{b} mein insaan se baat hi nahi hoti",
"price": "{b} ne {n} rupaye badha diye chupke se|{b} ne do baar paisa kaata|{n} rupaye ka samosa {b} pe, mazaak hai kya",
"quality": "{b} ka {x} do hafte mein gaya|pehle {b} mazboot tha ab plastic|{x} aaya scratch wala aur button dead, thanks {b}",
"delivery": "{b} bolta hai de diya. kisko?|mera bag {p} mein hai, main nahi, wah {b}|{n} din se order {b} ke godown mein pada hai",
"outage": "{b} {p} mein dead hai, ek bhi dandi nahi|{b} ki site payment pe error deti hai, {n} baar try kiya|update ke baad {x} har paanch minute mein logout, {b}",
"refund": "{n} hafte ho gaye {b} ne mera paisa nahi lautaya|{b} voucher de raha hai, mujhe paisa chahiye",
"staff": "{p} ke {b} counter wali madam ne bahut batameezi ki|{b} driver ne {d} meri maa pe chillaya",
"no reason": "bas {b}, ab aur nahi|{b} har saal aur girta ja raha hai",
"question": "{b} Sunday ko khula rehta hai {p} mein?|kisi ko pata hai {x} bahar chalega kya?|{b} se {p} kitne din mein aata hai?|hello {b}, {d} kitne baje tak ho?|kisi ne {b} ka {x} liya hai, kaisa hai?",
"praise": "{p} ke {b} wale log dil ke ache hain, thank you|{b} ne {x} das minute mein theek kiya, paise bhi nahi liye|{n} saal se {b}, ek bhi problem nahi|{b} ki chai, kya baat hai|itni jaldi reply {d}, maan gaye {b}",
"purchase": "control nahi hua, {b} ka {x} aa raha hai|bonus seedha {x} pe jayega|soch raha hoon {b} pe switch kar lun|phone mar gaya, ab {b} lunga|second hand {b} chahiye, koi bech raha hai?",
"suggestion": "{b}, {x} mein dark mode de do sabka bhala hoga|{b} ke liye idea: app mein bill baantne ka option|chhote packet bhi becho na {b}|{p} mein bhi kholo {b} please",
"promotion": "{b} mein naya: {x} paanch rang mein, aaiye {p} http|{x} {n}% kam daam mein Sunday tak 👉 http|{b} 2.0 aa gaya, {n} din free try karein http|Dost ko tag karo aur jeeto {x} {b} ke saath",
"news": "{b} {p} mein {n} dukaanein band karegi, union ka daava http|{b} ko timahi mein record munafa http|{p} ke paas {b} ke godown mein aag, koi ghayal nahi http|{b} hadtaal ka {n}va din http",
"other": "abhi sirf Tuesday hai yaar|meri billi {n} minute se deewar dekh rahi hai|suprabhat {p}|haha hamesha wahi|happy birthday bhai, {d} milte hain|school ke dost yaad aa rahe hain",
"spam": "aapka {b} account band hoga, yahan confirm karein http|account chala gaya tha @help_{b} ne wapas dilaya, message karo|0.1 eth bhejo 1 pao http|{b} casino: {n} free spin bina deposit http|Rita madam ne hafte mein {n}000 kamwaye, whatsapp karo|ek din mein {n}00 followers http|ghar baithe {n}000 kamaye, dm karo http|follow karo follow back pakka!! #followback|{n}% roz crypto double, group join karo http|match LIVE free HD yahan http http",
"informative": "{p} se nadi wali sadak band, pul doob gaya http|{p} ke school mein rahat shivir, kambal laayein|{p} ke paas bhooskhalan, {n} log lapata http",
},
"th": {
"delay": "รถ {b} มาช้าไป {n} นาที รอบที่สามแล้ว|นั่งบนเครื่อง {n} นาที {b} ไม่บอกอะไรเลย",
"cancellation": "{b} ตัดเที่ยวบินไป{p}ทิ้งแบบไม่บอก|ตีห้าได้ข้อความว่า {b} ล้มการจองเรา",
"service": "เมลหา {b} รอบสาม ตอบก๊อปวางเหมือนเดิม|ฟังเพลงรอสาย {b} {n} นาทีแล้วโดนตัดสาย|{b} มีแต่บอทคุยกับคนไม่ได้เลย",
"price": "{b} ขึ้นค่าสมาชิก {n} บาทเงียบๆ|{b} ตัดเงินสองรอบ|แซนด์วิช {n} บาทที่ {b} เอาจริงดิ",
"quality": "{x}ของ {b} ใช้ได้สองอาทิตย์ก็จบ|{x}มาเป็นรอย ปุ่มตาย ขอบใจนะ {b}|เมื่อก่อน {b} ทนกว่านี้เยอะ ตอนนี้พลาสติกล้วน",
"delivery": "{b} บอกส่งแล้ว ส่งให้ใคร|กระเป๋าเราอยู่{p} แต่เราไม่อยู่ เก่งมาก {b}|{n} วันแล้วของจาก {b} ยังนอนโกดัง",
"outage": "{b} ดับทั้ง{p} ไม่มีสักขีด|เว็บ {b} ขึ้น error ตอนจ่าย ลอง {n} รอบ|{x}เด้งออกทุกห้านาทีหลังอัปเดต {b}",
"refund": "{n} อาทิตย์แล้ว {b} ยังไม่โอนเงินเราคืน|{b} จะให้คูปอง แต่เราอยากได้เงิน",
"staff": "พี่เคาน์เตอร์ {b} {p} พูดจาไม่ดีใส่|คนขับ {b} ตะคอกแม่เรา{d}",
"no reason": "พอกันที {b}|{b} แย่ลงทุกปี",
"question": "{b} {p} เปิดวันอาทิตย์ไหมคะ|มีใครรู้ไหม {x}ใช้ที่ต่างประเทศได้เปล่า|{b} ส่งถึง{p}กี่วันคะ|{b} {d}ปิดกี่โมงครับ|ใครลอง{x}ของ {b} แล้วบ้าง ดีไหม",
"praise": "น้องๆ {b} {p} น่ารักมาก ขอบคุณนะ|{b} ซ่อม{x}ให้สิบนาทีเสร็จ ไม่คิดตังค์|ใช้ {b} มา {n} ปี ไม่เคยมีปัญหา|ซุปที่ {b} คือที่หนึ่ง|ตอบไวมาก{d} ยกนิ้วให้ {b}",
"purchase": "ใจอ่อนละ {x}จาก {b} กำลังมา|โบนัสลง{x}หมดแน่|กำลังคิดจะย้ายไป {b}|มือถือพัง เดี๋ยวถอย {b}|หา {b} มือสอง ใครปล่อยบ้าง",
"suggestion": "{b} มีโหมดกลางคืนใน{x}จะช่วยคนได้เยอะ|ไอเดียให้ {b} แบ่งบิลในแอป|ขอไซส์เล็กบ้างนะ {b}|มาเปิดที่{p}เถอะ {b}",
"promotion": "ใหม่ที่ {b} {x}ห้าสี แวะมาที่{p} http|{x}ลด {n}% ถึงวันอาทิตย์ 👉 http|{b} 2.0 มาแล้ว ทดลองฟรี {n} วัน http|แท็กเพื่อนลุ้น{x}จาก {b}",
"news": "{b} เตรียมปิด {n} สาขาใน{p} สหภาพเผย http|{b} กำไรสูงสุดในไตรมาส http|ไฟไหม้โกดัง {b} ใกล้{p} ไม่มีผู้บาดเจ็บ http|พนักงาน {b} หยุดงานวันที่ {n} http",
"other": "เพิ่งวันอังคารเองเหรอ|แมวจ้องกำแพงมา {n} นาทีแล้ว|อรุณสวัสดิ์{p}|555 เหมือนเดิมตลอด|สุขสันต์วันเกิดนะแก เจอกัน{d}|คิดถึงเพื่อนสมัยเรียน|ฝนตกอยู่บนรถไป{p}",
"spam": "บัญชี {b} ของคุณจะถูกระงับ ยืนยันที่ http|บัญชีหาย @help_{b} กู้คืนให้ ทักเขาเลย|ส่ง 0.1 eth รับ 1 http|คาสิโน {b} ฟรีสปิน {n} ครั้งไม่ต้องฝาก http|คุณริต้าช่วยทำกำไร {n}000 ในอาทิตย์เดียว แอดไลน์|เพิ่มผู้ติดตาม {n}00 คนในวันเดียว http|ได้เงิน {n}000 จากที่บ้าน ทักมา http|ฟอลมาฟอลกลับทันที!! #ฟอลกลับ|คริปโตกำไร {n}% ต่อวัน เข้ากลุ่ม http|ดูบอลสดฟรี HD ที่นี่ http http|เงินกู้ด่วนไม่เช็คบูโร ไลน์ +000{n}",
"informative": "ปิดถนนระหว่าง{p}กับชายทะเล สะพานจมน้ำ http|เปิดศูนย์พักพิงที่โรงเรียนใน{p} เอาผ้าห่มมาด้วย|ดินถล่มใกล้{p} สูญหาย {n} คน http",
},
"tr": {
"delay": "{b} otobüsü {n} dakika sonra geldi, bu ay üçüncü|{n} dakikadır uçakta oturuyoruz {b} susuyor|{b} yüzünden {d} aktarmayı kaçırdım",
"cancellation": "{b} uçuşumuzu haber vermeden kaldırdı|sabah 5te mesaj: {b} rezervasyonumu düşürmüş",
"service": "{b} üçüncü mailime de aynı hazır cevap|{n} dakika müzik dinletti {b} sonra kapattı|{b} de insanla konuşmak imkansız, hep bot",
"price": "{b} aboneliğe {n} lira zam yaptı sessizce|{b} iki kere para çekti|bir tosta {n} lira {b}, şaka mı",
"quality": "{b} {x} iki hafta dayandı|eskiden sağlamdı {b} şimdi plastik|{x} çizik geldi tuşu ölü, sağ ol {b}",
"delivery": "{b} teslim edildi diyor. kime?|valizim başka şehirde ben burada, bravo {b}|{n} gündür siparişim {b} deposunda yatıyor",
"outage": "{b} burada öldü, tek çubuk yok|{b} sitesi ödemede hata veriyor, {n} kere denedim|güncellemeden beri {x} beş dakikada bir atıyor, {b}",
"refund": "{n} haftadır {b} paramı vermedi|{b} çek teklif ediyor, ben paramı istiyorum",
"staff": "{b} gişesindeki kadın bana bağırdı|{b} şoförü {d} anneme çıkıştı|{b} güvenliği hırsız muamelesi yapıyor",
"no reason": "{b} ile işim bitti|{b} her yıl daha kötü",
"question": "{b} pazar günü açık mı?|bilen var mı {x} yurt dışında çalışır mı?|{b} kaç günde getiriyor?|merhaba {b}, {d} kaça kadar açıksınız?|{b} ye köpekle giriliyor mu?|{b} {x} kullanan var mı, değer mi?",
"praise": "{b} çalışanları altın gibi, sağ olun|{b} on dakikada tamir etti para da almadı|{n} yıldır {b}, bir kere sorun yaşamadım|{b} çorbası rüya gibi|{d} hemen dönüş yaptılar, helal {b}",
"purchase": "dayanamadım, {b} {x} yolda|ikramiye komple {x} için gidecek|{b} ye geçmeyi düşünüyorum|telefon öldü, sıradaki {b}|ikinci el {b} arıyorum, satan var mı?",
"suggestion": "{b}, karanlık mod çok kişiye iyi gelir|{b} için fikir: hesabı uygulamadan bölelim|{b} küçük paket de satsa ya|{b} bizim şehre de gel",
"promotion": "{b} de yeni: {x} beş renkte, bekliyoruz http|{x} pazara kadar %{n} daha ucuz 👉 http|{b} 2.0 geldi, {n} gün ücretsiz dene http|arkadaşını etiketle {x} kazan #{b}",
"news": "{b} {n} mağazasını kapatıyor, sendika duyurdu http|{b} çeyrekte rekor kâr açıkladı http|{b} deposunda yangın, yaralanan yok http|{b} grevi {n}. gününde http",
"other": "daha salı mı ya|kedim {n} dakikadır duvara bakıyor|günaydın {p}|ahaha hep aynı|iyi ki doğdun kardeşim, {d} görüşürüz|okul arkadaşlarımı özledim|yoldayım yağmur yağıyor",
"spam": "{b} hesabınız askıya alınacak, buradan onaylayın http|hesabım gitti @help_{b} kurtardı, ona yazın|0.1 eth gönder 1 al http|{b} casino: {n} bedava dönüş yatırımsız http|Rita hanım haftada {n}000 kazandırdı, whatsapptan yazın|bir günde {n}00 takipçi http|evden {n}000 kazandım, dm at http|takip edeni takip ederim!! #gt|kripto {n}% günlük, gruba katıl http|maçı CANLI bedava HD izle http http|anında kredi whatsapp +000{n}",
"informative": "sahil yolu kapandı, köprü su altında http|okulda toplanma merkezi açıldı, battaniye getirin|heyelanda {n} kişi kayıp http",
},
"nl": {
"delay": "bus van {b} kwam {n} minuten na de tijd, derde keer|{n} minuten in het vliegtuig en {b} zegt niks|aansluiting gemist {d} dankzij {b}",
"cancellation": "{b} schrapt onze vlucht naar {p} zonder iets te zeggen|sms om 5 uur: {b} heeft mijn boeking eruit gegooid",
"service": "derde mail naar {b}, weer hetzelfde standaardantwoord|{n} minuten wachtmuziek bij {b} en dan ophangen|bij {b} krijg je alleen een bot",
"price": "{b} verhoogt stiekem met {n} euro|{b} schrijft twee keer af|{n} euro voor een broodje bij {b}, serieus",
"quality": "{x} van {b} hield het twee weken vol|{b} was degelijk, nu plastic rommel|{x} kwam met krassen en een dode knop, bedankt {b}",
"delivery": "{b} zegt bezorgd. Bij wie dan|mijn koffer is in {p} en ik niet, knap {b}|{n} dagen ligt mijn bestelling bij {b} in het depot",
"outage": "{b} dood in {p}, geen streepje|site van {b} geeft fout bij betalen, {n} keer geprobeerd|{x} gooit me er elke vijf minuten uit sinds de update, {b}",
"refund": "{n} weken en {b} heeft mijn geld nog niet gestort|{b} biedt een bon, ik wil mijn geld",
"staff": "mevrouw aan de balie van {b} in {p} snauwde me af|chauffeur van {b} schreeuwde tegen mijn moeder {d}",
"no reason": "klaar met {b}|{b} wordt elk jaar slechter",
"question": "is {b} in {p} zondag open?|weet iemand of {x} het ook in het buitenland doet?|hoe lang doet {b} over verzenden naar {p}?|hoi {b}, tot hoe laat zijn jullie {d} open?|mag de hond mee bij {b}?|iemand ervaring met {x} van {b}?",
"praise": "wat een lieve mensen bij {b} in {p}, dank|{b} maakte {x} in tien minuten, gratis ook nog|{n} jaar {b} en nooit gedoe|de soep bij {b} in {p}, dromen|zo snel antwoord {d}, petje af {b}",
"purchase": "gezwicht, {x} van {b} is onderweg|vakantiegeld gaat naar {x}|denk erover om naar {b} over te stappen|telefoon dood, wordt een {b}|zoek tweedehands {b}, wie verkoopt?",
"suggestion": "{b}, een nachtstand zou veel mensen helpen|ideetje voor {b}: rekening splitsen in de app|wat als {b} kleinere pakken verkocht|open ook eens in {p}, {b}",
"promotion": "Nieuw bij {b}: {x} in vijf kleuren, kom langs in {p} http|{x} nu {n}% goedkoper tot zondag 👉 http|{b} 2.0 is er, probeer {n} dagen gratis http|Tag een vriend en win {x} met {b}",
"news": "{b} sluit {n} winkels in {p}, zegt vakbond http|Recordwinst voor {b} in het kwartaal http|Brand in loods van {b} bij {p}, niemand gewond http|Staking {b} dag {n}, nog geen akkoord http",
"other": "hoezo is het pas dinsdag|mijn kat staart al {n} minuten naar de muur|goedemorgen {p}|haha altijd hetzelfde|gefeliciteerd broer, tot {d}|ik mis mijn schoolvrienden|in de trein naar {p}, regen",
"spam": "Uw {b}-account wordt geblokkeerd, bevestig hier http|account kwijt, @help_{b} kreeg hem terug, stuur hem een bericht|stuur 0.1 eth, krijg er 1 http|{b} casino: {n} gratis spins zonder storting http|mevrouw Rita hielp me aan {n}00 euro in een week, app haar|{n}00 volgers op een dag http|{n}000 euro thuis verdiend, dm me http|ik volg iedereen terug!! #followback|verdubbel je crypto, {n}% per dag, kom in de groep http|wedstrijd LIVE gratis HD hier http http",
"informative": "Weg tussen {p} en de kust dicht, brug onder water http|Opvang in de school in {p}, neem dekens mee|{n} vermisten na aardverschuiving bij {p} http",
},
}
REASONS = {"delay", "cancellation", "service", "price", "quality", "delivery", "outage", "refund", "staff", "no reason"}


def labels(kind):
    """Every head a phrase of a kind has something to say to."""
    if kind in REASONS:
        return {"intent": "complaint", "reason": "other" if kind == "no reason" else kind, "spam": "not-spam"}
    if kind == "spam":
        return {"spam": "spam"}
    if kind == "informative":
        return {"intent": "news", "relevance": "informative", "spam": "not-spam"}
    off = {"relevance": "off-topic"} if kind in ("other", "praise", "purchase") else {}
    return {"intent": kind, "spam": "not-spam", **off}


def dressed(text, kind, rng):
    """As people type: without capitals or a last mark, with a handle or an emoji."""
    if kind not in ("promotion", "news", "informative") and rng.random() < 0.4:
        text = text.lower()
    if kind not in ("question", "news", "informative") and rng.random() < 0.3:
        text += rng.choice(["!", "!!", ".", "..."]) if text[-1].isalpha() else ""
    mood = "complaint" if kind in REASONS else kind
    if mood in EMOJI and rng.random() < (0.1 if kind == "news" else 0.25):
        text += " " + rng.choice(EMOJI[mood])
    if kind not in ("promotion", "news", "informative", "spam", "purchase") and rng.random() < 0.2:
        text = "@user " + text
    return text


def rows(rng):
    """(text, lang, head, label), each phrase filled several times."""
    for lang, kinds in PHRASES.items():
        things, places, days = (s.split("|") for s in SLOTS[lang])
        for kind, phrases in kinds.items():
            for phrase in phrases.split("|"):
                seen = set()
                for _ in range(min(5 if kind in REASONS else 10, 1 + 4 * len(re.findall(r"\{\w\}", phrase)))):
                    text = phrase
                    for slot, some in (("{b}", BRANDS), ("{x}", things), ("{p}", places), ("{d}", days)):
                        text = text.replace(slot, rng.choice(some))
                    text = dressed(text.replace("{n}", str(rng.choice((3, 5, 12, 20, 25, 30, 40, 45, 50, 70)))), kind, rng)
                    if text not in seen:
                        seen.add(text)
                        for head, label in labels(kind).items():
                            yield text, lang, head, label
