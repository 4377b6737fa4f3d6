import type { Messages } from '..';
import { accuracy } from './accuracy';
import { account } from './account';
import { alerts } from './alerts';
import { annotations } from './annotations';
import { audience } from './audience';
import { charts } from './charts';
import { channels } from './channels';
import { classifiers } from './classifiers';
import { compare } from './compare';
import { connections } from './connections';
import { dashboards } from './dashboards';
import { expectations } from './expectations';
import { explore } from './explore';
import { figures } from './figures';
import { inbox } from './inbox';
import { insights } from './insights';
import { lab } from './lab';
import { lists } from './lists';
import { models } from './models';
import { monitors } from './monitors';
import { originals } from './originals';
import { palette } from './palette';
import { privacy } from './privacy';
import { relevance } from './relevance';
import { reports } from './reports';
import { allowed } from './roles';
import { rules } from './rules';
import { shell } from './shell';
import { start } from './start';
import { topics } from './topics';
import { trends } from './trends';
import { work } from './work';

/**
 * Deutsch. Was in der englischen Fassung fehlt, fehlt auch hier; was hier fehlt, lässt die Prüfung der Typen nicht durch.
 *
 * Wörter: mention Erwähnung, monitor Monitor, sentiment Stimmung, net sentiment Stimmungssaldo, engagement
 * Interaktionen, author und people Person(en), query Abfrage, alert Alarm, peak Spitze, finding Befund, beyond chance
 * überzufällig, precision Präzision, recall Trefferquote, desk Helpdesk, label Label (zuordnen), pin anheften.
 */
export const t: Messages = {
  ...shell,
  ...figures,
  ...monitors,
  ...reports,
  ...start,
  accuracy,
  allowed,
  alerts,
  annotations,
  audience,
  channels,
  charts,
  classifiers,
  compare,
  connections,
  dashboards,
  expectations,
  explore,
  inbox,
  insights,
  lab,
  lists,
  models,
  originals,
  ownAccount: account,
  palette,
  privacy,
  relevance,
  rules,
  topics,
  trends,
  work,
};
