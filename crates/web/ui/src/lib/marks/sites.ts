/** Sites of a post, as the filter by site knows them: where it was posted, and what it links to; two at most. */
export function sitesOf(post: { community: string | null; urls: readonly string[] }): string[] {
  const hosts = post.urls.flatMap((address) => {
    try {
      return [new URL(address).hostname.replace(/^www\./, '')];
    } catch {
      return [];
    }
  });
  return [...new Set([...(post.community ? [post.community] : []), ...hosts])]
    .filter((site) => !site.includes(','))
    .slice(0, 2);
}
