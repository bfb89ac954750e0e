/**
 * An effect key as it is hidden in a text that GitHub shows, so that what was written is found again: an HTML comment
 * (https://github.github.com/gfm/#html-comment). Nothing in the key can end the comment.
 */
export function markerOf(effectKey: string): string {
  return `<!-- swe:${encodeURIComponent(effectKey).replaceAll('-', '%2D')} -->`;
}

/** Anybody may have written the text: a run of blanks is looked at from its beginning only, not from each of them. */
const MARKER = /(?<!\s)\s*<!-- swe:[\w.!~*'()%]* -->\s*$/;

export function withMarker(body: string, marker: string): string {
  return `${body}\n\n${marker}`;
}

/** What people read. */
export function withoutMarker(body: string): string {
  return body.replace(MARKER, '');
}

/** The marker that a text ends with. */
export function markerIn(body: string): string | undefined {
  return MARKER.exec(body)?.[0].trim();
}
