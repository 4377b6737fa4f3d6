import type { Messages } from '..';

/** Wortlisten, und angeheftete Antworten. */
export const lists: Messages['lists'] = {
  intro:
    'Wörter, einmal gepflegt und in Abfragen als list:name genannt. Wer eine Liste ändert, ändert jeden Monitor, der sie verwendet.',
  none: 'Noch keine Liste',
  noneHint:
    'Produktnamen, Orte oder auszulassende Schimpfwörter in eine Liste legen und list:produkte in eine Abfrage schreiben.',
  create: 'Neue Liste',
  name: 'Name',
  nameHint: 'Buchstaben, Ziffern, - und _',
  terms: 'Wörter',
  termsHint: 'je Zeile eins; irgendeines muss passen',
  save: 'Speichern',
  cancel: 'Abbrechen',
  edit: 'Bearbeiten',
  editNamed: (name) => `${name} bearbeiten`,
  remove: 'Löschen',
  removeNamed: (name) => `${name} löschen`,
  removed: (name) => `„${name}“ ist gelöscht`,
  saved: (name) => `„${name}“ ist gespeichert; Monitore damit sehen die Vergangenheit neu durch.`,
  undo: 'Rückgängig',
  count: (count) => (count === '1' ? '1 Wort' : `${count} Wörter`),
  usedBy: 'Verwendet von',
  unused: 'von keinem Monitor verwendet',
  file: 'aus der Konfigurationsdatei',
  changed: (when) => `geändert ${when}`,
  more: (count) => `und ${count} weitere`,
  failed: 'Das hat nicht geklappt',
  pinned: 'Angeheftete Antworten',
  pinnedIntro:
    'Fragen, mit ihren Antworten aufgehoben: Neu gestellt liefern sie dieselben Zahlen oder sagen, was sich geändert hat.',
  pinnedNone: 'Noch ist nichts angeheftet',
  pinnedNoneHint:
    'Unter Erkunden etwas fragen und die Antwort anheften: Ein Bericht oder eine Nachricht kann dann darauf verweisen.',
  pinnedTo: 'Zu Erkunden',
  pinnedBy: (who, when) => `${when}, von ${who}`,
  pinnedOf: (mentions) => `damals ${mentions} Erwähnungen`,
  overview: 'Überblick',
  by: (metric, cuts) => (cuts === '' ? metric : `${metric} nach ${cuts}`),
  stop: 'Anhalten',
  stopping: 'Hält an …',
  stopped: 'von Hand angehalten',
};
