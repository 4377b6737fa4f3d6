import type { Messages } from '..';

/** Sich mit der Tastatur zurechtfinden. */
export const palette: Messages['palette'] = {
  open: 'Gehen zu, oder tun',
  find: 'Gehe zu …',
  placeholder: 'Eine Seite, ein Monitor, ein Zeitraum, eine Einstellung',
  none: 'Nichts mit diesem Namen',
  now: 'jetzt',
  further: 'Weitere Seiten',
  monitors: 'Monitore',
  actions: 'Aktionen',
  pause: 'Aktualisierung anhalten',
  resume: 'Aktualisierung fortsetzen',
  help: 'Alle Tasten anzeigen',
  everywhere: 'Überall',
  keys: [
    ['Strg/⌘ K', 'zu jeder Seite, jedem Monitor oder Zeitraum; Einstellungen ändern'],
    ['/', 'suchen'],
    ['p', 'Aktualisierung anhalten oder fortsetzen'],
    ['?', 'diese Hilfe'],
    ['Tab', 'zum Nächsten; der erste führt zum Inhalt'],
    ['Esc', 'schließen, was darüber liegt'],
  ],
  charts: 'In einem Diagramm',
  chartKeys: [
    ['← →', 'durch die Zeit bewegen'],
    ['Pos1, Ende', 'an den Anfang, ans Ende'],
    ['Enter', 'Beiträge lesen'],
  ],
  labelKeys: [
    ['1 – 9', 'dieses Label geben'],
    ['s', 'überspringen'],
    ['z', 'letztes zurücknehmen'],
    ['n', 'neues Label benennen'],
  ],
  judgeKeys: [
    ['y', 'der Monitor meint es'],
    ['n', 'es ist anderes gemeint'],
    ['j', 'nächster Beitrag'],
    ['k', 'voriger Beitrag'],
  ],
  sampleKeys: [
    ['1, 2, 3', 'negativ, neutral, positiv'],
    ['s', 'unklar'],
    ['z', 'zurück'],
  ],
};
