export interface PdfFacts {
  /** Undefined where the pages lie in compressed streams and nothing before those counts them. */
  readonly pages: number | undefined;
  readonly isEncrypted: boolean;
}

const PAGE = /\/Type\s*\/Page(?![A-Za-z])/g;
const PAGE_TREE = /\/Type\s*\/Pages(?![A-Za-z])/;
const COUNT = /\/Count\s+(\d{1,9})/;
/** In the first object of a file that is made to be read while it arrives: ISO 32000-1, Annex F. */
const LINEARIZED = /\/Linearized\s[^<>]*\/N\s+(\d{1,9})/;
const LINEARIZED_WITHIN = 1_024;
const ENCRYPTED = /\/Encrypt\s*(?:<<|\d+\s+\d+\s+R)/;

/**
 * What a PDF says of itself outside its compressed streams (ISO 32000-1, 7.5 and 7.7.3): a hint, without a parser, in
 * time that grows with the file only. The trailer, where encryption is declared, never lies in such a stream.
 */
export function pdfFacts(bytes: Uint8Array): PdfFacts {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const trees = all.split('endobj').filter((object) => PAGE_TREE.test(object));
  const pages = trees.reduce(
    (most, tree) => Math.max(most, numberIn(COUNT, tree)),
    Math.max(numberIn(LINEARIZED, all.slice(0, LINEARIZED_WITHIN)), all.match(PAGE)?.length ?? 0),
  );
  return { pages: pages === 0 ? undefined : pages, isEncrypted: ENCRYPTED.test(all) };
}

const numberIn = (pattern: RegExp, object: string): number => Number(pattern.exec(object)?.[1] ?? 0);
