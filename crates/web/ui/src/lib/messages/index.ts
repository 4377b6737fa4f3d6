import { t as en } from './en';
import { language } from './language';

/** A catalogue's shape, whatever its words: the same names, and of each sentence the same blanks to fill. */
type Spoken<T> = T extends string
  ? string
  : T extends (...blanks: infer Blanks) => string
    ? (...blanks: Blanks) => string
    : T extends object
      ? { [Name in keyof T]: Spoken<T[Name]> }
      : T;

/** The shape of every catalogue: a sentence that is missing from one is an error of types. */
export type Messages = Spoken<typeof en>;

/** The catalogue the interface speaks from; whoever speaks English loads no other. */
export const t: Messages = language === 'de' ? (await import('./de')).t : en;
