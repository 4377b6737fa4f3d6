import type { Messages } from '..';

/** Monitore nebeneinander. */
export const compare: Messages['compare'] = {
  intro:
    'Zwei bis zehn Monitore unter denselben Filtern. Was überzufällig ist, sagt der Blick auf alle Unterschiede zusammen.',
  choose: 'Verglichene Monitore',
  needTwo: 'Es braucht zwei Monitore',
  needTwoHint: 'Der Wettbewerb ist ein Monitor wie jeder andere: einen anlegen, und er erscheint hier.',
  most: 'Höchstens zehn',
  figures: 'Zahlen',
  metric: 'Zahl',
  volume: 'Erwähnungen im Zeitverlauf',
  voice: 'Share of Voice',
  voiceBy: {
    share_of_voice: 'nach Erwähnungen',
    share_of_authors: 'nach Personen',
    share_of_engagement: 'nach Interaktionen',
  },
  sentiment: 'Stimmungssaldo',
  emotions: 'Gefühle',
  emotionsHint: 'Anteil an Erwähnungen mit Gefühl',
  topics: 'Was jeden abhebt',
  topicsHint:
    'Log-Quotenverhältnis gegen die anderen, eine Stimme je Person, die sichersten zuerst. Der Strich ist das 95-%-Intervall; 0 ist kein Unterschied.',
  topicKinds: { term: 'Wörter', hashtag: 'Hashtags', entity: 'Namen', aspect: 'Aspekte' },
  topicsOf: 'Vergleichen',
  topicsNone: 'Nichts hebt ihn überzufällig ab',
  authors: (count, others) => `${count} Personen hier, ${others} bei den anderen`,
  differences: 'Unterschiede',
  differencesHint: (count) =>
    `${count} Unterschiede wurden zugleich geprüft; „überzufällig“ gilt für alle zusammen (Holm, 5 %).`,
  beyond: 'Überzufällig',
  within: 'Im Rahmen des Zufalls',
  differ: (a, what, b) => `${a} − ${b}: ${what}`,
  difference: 'Unterschied',
  measure: 'Maß',
  p: 'p',
  tiny: '< 0,001',
  onlyBeyond: 'Nur überzufällige',
  none: 'Keiner ist überzufällig.',
  points: 'Punkte',
  pin: 'Diese Zahlen anheften',
};
