/** Text as a person sees it, and how much of it they would not have seen. */
export interface VisibleText {
  readonly text: string;
  /** HTML comments, and definitions of links that nothing shows. */
  readonly hiddenComments: number;
  readonly invisibleCharacters: number;
}

/** https://spec.commonmark.org/0.31.2/#fenced-code-blocks; one that nothing closes goes on to the end. */
const FENCED_CODE = String.raw`^ {0,3}(?<fence>\x60{3,}|~{3,})[^\n]*\n(?:[\s\S]*?^ {0,3}\k<fence>[\x60~]*[ \t]*$|[\s\S]*)`;
/** Within a line: what goes over several is read as words, which hides more and shows nothing hidden. */
const CODE = String.raw`(?<!\x60)(?<marks>\x60+)(?!\x60)[^\n]*?(?<!\x60)\k<marks>(?!\x60)`;
/** https://html.spec.whatwg.org/multipage/parsing.html#comment-start-state; one that nothing closes hides the rest. */
const COMMENT = String.raw`<!--(?:-?>|[\s\S]*?--!?>|[\s\S]*)`;
/** The idiom `[//]: # (words)`: a link's definition that is there for its title. */
const COMMENT_BY_LINK = String.raw`^ {0,3}\[[^\]\n]*\]:[ \t]*(?:#|<>)[ \t]*(?:\([^\n]*\)|"[^\n]*"|'[^\n]*')[ \t]*$`;
const MARKUP = new RegExp(`${FENCED_CODE}|${CODE}|(?<hidden>${COMMENT}|${COMMENT_BY_LINK})`, 'gm');
/**
 * Format controls, fillers, tags and supplementary variation selectors, which take no place on a screen
 * (https://www.unicode.org/reports/tr36/#Recommendations_General). Joiners and the two common selectors are parts of
 * emoji and of several scripts: one of them stays behind something visible, a run of them does not.
 */
const INVISIBLE =
  /(?![\u200C\u200D\uFE0E\uFE0F])[\p{Cf}\u115F\u1160\u3164\uFFA0\uFE00-\uFE0D\u{E0100}-\u{E01EF}]|(?<=^|[\s\u200C\u200D])[\u200C\u200D\uFE0E\uFE0F]|(?<=[\uFE0E\uFE0F])[\u200C\uFE0E\uFE0F]/gu;

/**
 * What a person sees of Markdown that anybody may have written. What only a program reads is left out and counted:
 * instructions are hidden there. Code is shown as it is written, so comments in it stay.
 */
export function visibleText(markdown: string): VisibleText {
  let hiddenComments = 0;
  let invisibleCharacters = 0;
  const seen = markdown.replace(INVISIBLE, () => {
    invisibleCharacters += 1;
    return '';
  });
  const text = seen.replace(MARKUP, (whole: string, ...rest: unknown[]) => {
    const { hidden } = rest.at(-1) as Readonly<Record<string, string | undefined>>;
    if (hidden === undefined) return whole;
    hiddenComments += 1;
    return '';
  });
  return { text, hiddenComments, invisibleCharacters };
}
