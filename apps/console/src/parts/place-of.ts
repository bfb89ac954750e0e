/** Where a link leads: to a page of this console, to another site, or nowhere that is safe. */
export type Place = { readonly kind: 'page' | 'site'; readonly href: string } | { readonly kind: 'nowhere' };

const FORGE = /^forge:\/\/([\w.-]+)(?:\/(issues|pulls)\/(\d+))?$/;

/** A URL as a link may have it: the forge's are pages here, and of others only those of the web. */
export function placeOf(url: string): Place {
  const [, name, part, number] = FORGE.exec(url) ?? [];
  if (name !== undefined) {
    const repository = `/repositories/${encodeURIComponent(name)}`;
    return { kind: 'page', href: part === 'pulls' ? `${repository}/pulls/${number}` : repository };
  }
  return /^https?:\/\/[^\s]+$/i.test(url) ? { kind: 'site', href: url } : { kind: 'nowhere' };
}

/** Words with the URLs in them in short. */
export const withShortNames = (words: string): string =>
  words.replace(/\b(?:forge|https?):\/\/[^\s)\]>]+/g, shortName);

/** A repository's or pull request's URL in a few words: `acme/shop`, `shop#3`. */
export function shortName(url: string): string {
  const path = url.replace(/^[a-z]+:\/\//, '');
  const name = url.startsWith('forge://') ? path : path.split('/').slice(1).join('/');
  return name.replace(/\/(?:issues|pulls?)\/(\d+)$/, '#$1') || url;
}
