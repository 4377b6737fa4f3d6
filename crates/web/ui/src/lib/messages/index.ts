/** The catalogue the interface speaks from. */
export { t } from './en';
