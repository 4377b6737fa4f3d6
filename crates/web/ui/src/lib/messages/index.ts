import { t as en } from './en';
import { language } from './language';

/** The shape of every catalogue. */
export type Messages = typeof en;

/** The catalogue the interface speaks from; whoever speaks English loads no other. */
export const t: Messages = language === 'de' ? (await import('./de')).t : en;
