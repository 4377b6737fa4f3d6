import type { Messages } from '..';

/** Zahlen, Diagramme, Beiträge. */
type Figures = Pick<Messages, 'sentiment' | 'classes' | 'figures' | 'chart' | 'breakdown' | 'posts'>;

export const figures: Figures = {
  sentiment: {
    title: 'Stimmung im Zeitverlauf',
    negative: 'Negativ',
    neutral: 'Neutral',
    positive: 'Positiv',
    toward: (label, monitor) => `${label} gegenüber ${monitor}`,
    probability: (label, share, model) => `${label}, ${share} sicher (${model})`,
    unscored: 'Nicht bewertet',
    unscoredHint: 'Das Stimmungsmodell kennt diese Sprache nicht',
  },

  classes: {
    anger: 'Ärger',
    joy: 'Freude',
    optimism: 'Zuversicht',
    sadness: 'Trauer',
    offensive: 'Beleidigend',
    irony: 'Ironisch',
    complaint: 'Beschwerde',
    probability: (task, label, share, model) => `${task}: ${label}, ${share} sicher (${model})`,
  },

  figures: {
    label: 'Kennzahlen',
    mentions: 'Erwähnungen',
    people: 'Personen',
    engagement: 'Interaktionen',
    engagementHint: 'Likes, Reposts, Antworten und Zitate, soweit die Plattform sie nennt',
    net: 'Stimmungssaldo',
    netHint: 'Positiv minus negativ, als Anteil der bewerteten Erwähnungen, in Punkten von −100 bis +100',
    interval: (low, high) => `95 %: ${low} bis ${high}`,
    tooFew: 'Weniger als 30 bewertete Erwähnungen',
    posts: 'Gelesene Beiträge',
    since: (time) => `seit ${time}`,
    up: (amount, before) => `${amount} mehr als in ${before}`,
    down: (amount, before) => `${amount} weniger als in ${before}`,
    same: (before) => `unverändert gegenüber ${before}`,
    noBefore: 'Kein früherer Zeitraum zum Vergleich',
    pointsWord: (amount) => `${amount} Punkte`,
    sameShort: 'unverändert',
  },

  chart: {
    mentions: 'Erwähnungen im Zeitverlauf',
    per: (interval) => `je ${interval}`,
    unfinished: 'zählt noch',
    lineSummary: (name, total, peak, at) => `${name}: ${total}, am meisten ${at} (${peak})`,
    summary: (title, from, to, lines) => `${title}, ${from} bis ${to}. ${lines}.`,
    keys: 'Pfeiltasten bewegen durch die Zeit, die Eingabetaste öffnet die Beiträge.',
    time: 'Zeit',
    open: 'Klicken, um die Beiträge zu lesen',
    empty: 'Keine Erwähnungen in diesem Zeitraum',
    total: 'Alle',
  },

  breakdown: {
    source: 'Quellen',
    lang: 'Sprachen',
    term: 'Häufigste Wörter',
    hashtag: 'Häufigste Hashtags',
    author: 'Aktivste Personen',
    site: 'Häufigste Websites',
    unknownLanguage: 'Nicht erkannt',
    other: (count) => `${count} weitere anderswo`,
    people: (count) => `${count} Personen`,
    mentions: (count) => `${count} Erwähnungen`,
    empty: 'Noch nichts',
    open: (label, count) => `${label}: ${count}. Beiträge lesen`,
  },

  posts: {
    newest: 'Neueste Erwähnungen',
    all: 'Alle Erwähnungen',
    panel: 'Beiträge',
    close: 'Schließen',
    count: (count) => `${count} Erwähnungen`,
    one: '1 Erwähnung',
    more: 'Mehr anzeigen',
    waiting: (count) => (count === 1 ? '1 neue Erwähnung' : `${count} neue Erwähnungen`),
    copies: (count) => (count === 1 ? '1 Kopie' : `${count} Kopien`),
    person: (name) => `Person ${name}`,
    unknownAuthor: 'Unbekannte Person',
    pseudonym: 'Ein Pseudonym: Dieselbe Person hat immer dasselbe Zeichen',
    followers: (count) => `${count} Follower`,
    likes: 'Likes',
    reposts: 'Reposts',
    replies: 'Antworten',
    edited: 'bearbeitet',
    keep: 'Als Filter behalten',
    context: 'Kontext',
    contextHint:
      'Kein Treffer: aufbewahrt, weil der Beitrag eine Erwähnung beantwortet oder zitiert; zählt für sich.',
    sort: 'Reihenfolge',
    sorts: {
      newest: 'Neueste',
      oldest: 'Älteste',
      engagement: 'Meiste Interaktionen',
      audience: 'Größtes Publikum',
      negative: 'Negativste',
      positive: 'Positivste',
    },
    sortHints: {
      audience:
        'Nach Followern der Person, als der Beitrag gesehen wurde; solche, deren Follower nicht bekannt sind, kommen zuletzt.',
      negative:
        'Danach, wie sicher das Modell ist; Beiträge ohne Wertung kommen zuletzt. Korrekturen von Hand verschieben keinen.',
      positive:
        'Danach, wie sicher das Modell ist; Beiträge ohne Wertung kommen zuletzt. Korrekturen von Hand verschieben keinen.',
    },
    exclude: 'Ausschließen',
    empty: 'Hier sind keine Erwähnungen',
    emptyHint:
      'In diesem Zeitraum und unter diesen Filtern passt nichts. Ein längerer Zeitraum oder weniger Filter können helfen.',
    kind: {
      post: 'Beitrag',
      reply: 'Antwort',
      repost: 'Repost',
      quote: 'Zitat',
      comment: 'Kommentar',
      article: 'Artikel',
      video: 'Video',
      review: 'Bewertung',
    },
    within: (community) => `in ${community}`,
  },
};
