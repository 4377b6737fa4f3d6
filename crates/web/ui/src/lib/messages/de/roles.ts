import type { Messages } from '..';

/** Was eine Rolle auslässt, höflich gesagt. */
export const allowed: Messages['allowed'] = {
  title: 'So weit reicht diese Rolle nicht',
  text: (role) =>
    `Die Rolle hier ist: ${role}. Was sie sehen darf, bleibt offen; für mehr hilft, wer Groundswell betreut.`,
  back: 'Zurück zum Überblick',
  tryQuery:
    'Abfragen lassen sich hier ausprobieren, um zu sehen, was sie fänden. Zum Speichern braucht es die Rolle Analyse.',
  look: (name) => `${name} ansehen`,
  readOnly: 'Hier lässt sich alles ansehen. Zum Ändern braucht es die Rolle Analyse.',
  judging: 'Zum Beurteilen braucht es die Rolle Analyse. Was bisher herauskam, steht daneben.',
};
