/** Escape sequences of terminals: https://en.wikipedia.org/wiki/ANSI_escape_code */
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
/** Controls but tab and line break, and what turns the direction of text round: https://trojansource.codes */
const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** What a program printed, as text: colours go, and what hides or moves other characters shows. */
export function plainText(printed: string): string {
  return printed
    .replace(ESCAPES, '')
    .replace(/\r+\n/g, '\n')
    .replace(/[^\n]*\r(?!\n)/g, '')
    .replace(INVISIBLE, '\ufffd');
}
