/** Documents that some models read as they are. */
export const DOCUMENT_MEDIA_TYPES = [
  'application/pdf',
  'application/msword',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.ms-excel',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
] as const;
export type DocumentMediaType = (typeof DOCUMENT_MEDIA_TYPES)[number];
export type ImageMediaType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';

const [PDF, DOC, DOCX, XLS, XLSX] = DOCUMENT_MEDIA_TYPES;

type MediaTypeOf = (bytes: Buffer) => ImageMediaType | DocumentMediaType | undefined;

const SIGNATURES: readonly (readonly [pattern: RegExp, MediaTypeOf])[] = [
  [/^\x89PNG\r\n\x1a\n/, () => 'image/png'],
  [/^\xff\xd8\xff/, () => 'image/jpeg'],
  [/^GIF8[79]a/, () => 'image/gif'],
  [/^RIFF[^]{4}WEBP/, () => 'image/webp'],
  [/^%PDF-/, () => PDF],
  [/^PK\x03\x04/, ofZip],
  [/^\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1/, ofCompoundFile],
];
const SIGNATURE_BYTES = 16;

/**
 * What a file is by its bytes, whatever its name or its sender says: a picture that every provider knows, or a
 * document; undefined for anything else. Looked at before a decoder is: formats that can name files or hold programs
 * (SVG, PostScript) never reach one.
 */
export function mediaTypeOf(bytes: Uint8Array): ImageMediaType | DocumentMediaType | undefined {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = all.toString('latin1', 0, SIGNATURE_BYTES);
  return SIGNATURES.find(([pattern]) => pattern.test(start))?.[1](all);
}

export function isDocumentMediaType(mediaType: string): mediaType is DocumentMediaType {
  return (DOCUMENT_MEDIA_TYPES as readonly string[]).includes(mediaType);
}

/** Of Office Open XML, by the part that its kind cannot be without. */
function ofZip(bytes: Buffer): DocumentMediaType | undefined {
  const names = namesInZip(bytes);
  if (names.has('word/document.xml')) return DOCX;
  return names.has('xl/workbook.xml') ? XLSX : undefined;
}

/** https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.12 and 4.3.16 */
const CENTRAL_ENTRY = 0x02014b50;
const CENTRAL_ENTRY_BYTES = 46;
const END_OF_DIRECTORY = Buffer.from('PK\x05\x06', 'latin1');
const END_OF_DIRECTORY_BYTES = 22;

function namesInZip(bytes: Buffer): ReadonlySet<string> {
  const names = new Set<string>();
  const end = bytes.lastIndexOf(END_OF_DIRECTORY);
  if (end === -1 || end + END_OF_DIRECTORY_BYTES > bytes.length) return names;
  let at = bytes.readUInt32LE(end + 16);
  while (at + CENTRAL_ENTRY_BYTES <= end && bytes.readUInt32LE(at) === CENTRAL_ENTRY) {
    const nameAt = at + CENTRAL_ENTRY_BYTES;
    const nameBytes = bytes.readUInt16LE(at + 28);
    names.add(bytes.toString('latin1', nameAt, nameAt + nameBytes));
    at = nameAt + nameBytes + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return names;
}

/**
 * Of the older Office formats, by the name of the stream that its kind cannot be without: [MS-DOC] 2.1.1, [MS-XLS]
 * 2.1.2. What is encrypted has neither.
 */
function ofCompoundFile(bytes: Buffer): DocumentMediaType | undefined {
  if (bytes.includes(Buffer.from('WordDocument\0', 'utf16le'))) return DOC;
  return bytes.includes(Buffer.from('Workbook\0', 'utf16le')) ? XLS : undefined;
}
