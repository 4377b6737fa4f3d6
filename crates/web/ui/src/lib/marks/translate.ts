/** Services that translate a text given in their address. Nothing is sent before somebody has agreed to it in this browser. */
export const SERVICES: Record<string, { name: string; address: (text: string, from: string, to: string) => string }> = {
  deepl: {
    name: 'DeepL',
    address: (text, from, to) => `https://www.deepl.com/translator#${from}/${to}/${encodeURIComponent(text)}`,
  },
  google: {
    name: 'Google Translate',
    address: (text, from, to) =>
      `https://translate.google.com/?${new URLSearchParams({ sl: from, tl: to, text, op: 'translate' })}`,
  },
};

const KEY = 'groundswell.translate';
/** More of a text makes an address that services refuse. */
const MOST = 1500;

/** The service agreed to; `null` where nobody was asked yet. */
export function agreed(): string | null {
  const kept = localStorage.getItem(KEY);
  return kept !== null && kept in SERVICES ? kept : null;
}

export function agree(service: string | null): void {
  if (service === null) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, service);
}

/** Where a post is translated into the reader's language; `null` where it is in one of theirs. */
export function translation(
  service: string,
  post: { text: string; title: string | null; lang: string },
): string | null {
  const own = navigator.languages.map((lang) => lang.split('-')[0] ?? lang);
  if (own.includes(post.lang)) return null;
  const text = [post.title, post.text].filter(Boolean).join('\n').slice(0, MOST);
  return SERVICES[service]?.address(text, post.lang === 'und' ? 'auto' : post.lang, own[0] ?? 'en') ?? null;
}
