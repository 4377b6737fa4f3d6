/** Made-up sentences about made-up coffee machines. `%` stands for the brand's name. */
export interface Template {
  lang: string;
  text: string;
  mood: 'negative' | 'neutral' | 'positive';
}

export const TEMPLATES: Template[] = [
  {
    lang: 'en',
    mood: 'positive',
    text: 'Third month with my % and the crema is still better than the café downstairs. #coffee',
  },
  {
    lang: 'en',
    mood: 'negative',
    text: 'The % pump died again, two days after the warranty ran out. Anyone else? #recall',
  },
  { lang: 'en', mood: 'neutral', text: 'Does the % fit under a 40 cm shelf? The manual does not say.' },
  { lang: 'en', mood: 'positive', text: '% support answered in four minutes on a Sunday. Four. Minutes. ☕️' },
  {
    lang: 'en',
    mood: 'negative',
    text: 'My % leaks hot water from the seal, this is dangerous. Please look at this before somebody gets hurt! #recall #safety',
  },
  {
    lang: 'en',
    mood: 'neutral',
    text: '% opens a service point near the station next month, says the paper https://example.org/news',
  },
  { lang: 'en', mood: 'neutral', text: 'Comparing % and the old moka pot for a long article. Tips welcome.' },
  {
    lang: 'en',
    mood: 'positive',
    text: 'Honestly? The new % grinder is so quiet that the cat stayed in the kitchen. #coffee #quiet',
  },
  {
    lang: 'de',
    mood: 'positive',
    text: 'Die % läuft seit drei Jahren ohne Murren. Klare Empfehlung für große Büros! #kaffee',
  },
  {
    lang: 'de',
    mood: 'negative',
    text: 'Schon wieder ist die Dichtung der % undicht, und der Kundendienst schweigt. #rückruf',
  },
  { lang: 'fr', mood: 'positive', text: 'Ma % fait un café à tomber, même le dimanche très tôt. #café' },
  { lang: 'fr', mood: 'negative', text: 'Déçue par % : la pompe a lâché au bout de deux mois…' },
  { lang: 'es', mood: 'neutral', text: '¿Alguien sabe si % vende repuestos en Valencia?' },
  { lang: 'es', mood: 'positive', text: 'La cafetera % es una maravilla, ¡gracias por el consejo! #café' },
  { lang: 'ja', mood: 'positive', text: '%のコーヒーメーカー、静かでとても良い。朝が楽しみになった☕' },
  { lang: 'ar', mood: 'negative', text: 'ماكينة % تتسرب منها المياه منذ أسبوع ولا أحد يرد على الرسائل' },
  { lang: 'ar', mood: 'positive', text: 'قهوة % رائعة كل صباح، شكرا على النصيحة' },
  { lang: 'pt', mood: 'neutral', text: 'A % nova já chegou às lojas, alguém experimentou?' },
  { lang: 'it', mood: 'negative', text: 'La % fa un rumore terribile da ieri. Assistenza, ci siete?' },
  { lang: 'nl', mood: 'positive', text: 'Mijn % zet eindelijk koffie zoals het hoort. #koffie' },
  { lang: 'pl', mood: 'neutral', text: 'Czy % ma sklep w Krakowie?' },
  { lang: 'tr', mood: 'positive', text: '% ile sabah kahvesi bir başka güzel oluyor ☕️' },
];

export const COPYPASTA: Template = {
  lang: 'en',
  mood: 'positive',
  text: 'I was sceptical at first but the % changed my mornings, use the code below for ten percent off!',
};

export const SOURCES = ['bluesky', 'mastodon', 'reddit', 'hackernews', 'youtube', 'rss'] as const;
