/** Values that fields of a query can have, for suggestions: what the models know and the platforms tell. Others are let through. */
export const LANGUAGES = (
  'en de fr es it pt nl pl ru uk tr ar fa he hi bn ur id ms vi th zh ja ko sv da no fi cs sk sl hr sr bg ro hu el et lv lt ca ' +
  'eu gl ga cy is mt sq mk hy ka az kk uz ta te ml kn mr gu pa si ne my km lo mn sw am ha yo ig zu xh af tl jv'
).split(' ');

export const PLATFORMS =
  'bluesky mastodon x reddit youtube facebook instagram threads linkedin telegram tiktok hackernews feed gdelt news forum'.split(
    ' ',
  );

export const COUNTRIES = (
  'de at ch us gb ie ca au nz fr be nl lu es pt it pl cz sk hu ro bg gr tr se no dk fi ee lv lt ua ru in pk bd id my sg ph vn ' +
  'th jp kr cn tw hk br mx ar cl co pe za ng ke eg ma il ae sa'
).split(' ');

const KINDS = ['post', 'reply', 'repost', 'quote', 'comment', 'article', 'video', 'review'];
const HAS = ['image', 'video', 'audio', 'link', 'media'];

/** What can stand behind `field:`; `lists` are the names of the project's keyword lists. */
export function valuesOf(field: string, lists: readonly string[]): readonly string[] {
  switch (field.toLowerCase()) {
    case 'lang':
      return LANGUAGES;
    case 'source':
      return PLATFORMS;
    case 'country':
      return COUNTRIES;
    case 'kind':
      return KINDS;
    case 'has':
      return HAS;
    case 'list':
      return lists;
    default:
      return [];
  }
}
