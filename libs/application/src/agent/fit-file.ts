import {
  decodeText,
  DOCUMENT_MEDIA_TYPES,
  documentContent,
  imageContent,
  isDocumentMediaType,
  isFault,
  mediaTypeOf,
  pdfFacts,
  text,
} from '@swe/domain';
import type { DocumentMediaType, FileLimits, Image, UserContent } from '@swe/domain';

/** A file that somebody gave: a person, or the workspace. */
export interface GivenFile {
  /** What it is called, or its path in the workspace; a model finds it again by this. */
  readonly name: string;
  /** What its sender says it is; told along with a refusal, and never believed. */
  readonly declaredAs?: string | undefined;
  readonly bytes: Uint8Array;
}

/** What goes into the conversation, or why nothing does and what would. */
export type FittedFile =
  | { readonly fits: true; readonly content: readonly UserContent[] }
  | { readonly fits: false; readonly refusal: string };

const MAX_TEXT_CHARACTERS = 16_384;
const MAX_NAME_CHARACTERS = 200;

const DOCUMENT_NAMES: Readonly<Record<DocumentMediaType, string>> = {
  [DOCUMENT_MEDIA_TYPES[0]]: 'PDF',
  [DOCUMENT_MEDIA_TYPES[1]]: 'Word (.doc)',
  [DOCUMENT_MEDIA_TYPES[2]]: 'Word (.docx)',
  [DOCUMENT_MEDIA_TYPES[3]]: 'Excel (.xls)',
  [DOCUMENT_MEDIA_TYPES[4]]: 'Excel (.xlsx)',
};

/**
 * A file as a part of a conversation that every model within `limits` takes: what a provider refuses once it refuses
 * with every later request. What it is its bytes say. Pictures are scaled down, texts shortened in their middle,
 * documents go as they are; everything else is refused in words that name the file.
 */
export async function fitFile(file: GivenFile, limits: FileLimits, image: Image): Promise<FittedFile> {
  const mediaType = mediaTypeOf(file.bytes);
  if (mediaType === undefined) return fitText(file, limits);
  if (isDocumentMediaType(mediaType)) return fitDocument(file, mediaType, limits);
  return fitPicture(file, limits, image);
}

async function fitPicture(file: GivenFile, limits: FileLimits, image: Image): Promise<FittedFile> {
  const { imageLimits } = limits;
  if (imageLimits === undefined)
    return refused(file, 'it is a picture, and none of the models sees any', limits);
  try {
    const { width, height, mediaType } = await image.measure(file.bytes);
    const shown = await image.scale(file.bytes, imageLimits);
    const isWhole = shown.width === width && shown.height === height;
    const scaled = isWhole ? '' : `, shown at ${shown.width}x${shown.height}`;
    const name = plainName(file);
    const picture = imageContent.parse({
      type: 'image',
      name,
      mediaType: shown.mediaType,
      data: base64(shown.bytes),
    });
    return fitted(text(`${name}: ${mediaType}, ${width}x${height} pixels${scaled}`), picture);
  } catch (error) {
    if (!isFault(error, 'invalid')) throw error;
    return refused(file, error.message, limits);
  }
}

function fitDocument(file: GivenFile, mediaType: DocumentMediaType, limits: FileLimits): FittedFile {
  const { bytes } = file;
  const { documentLimits } = limits;
  const kind = DOCUMENT_NAMES[mediaType];
  if (!documentLimits?.mediaTypes.includes(mediaType)) {
    return refused(file, `it is a document, ${kind}, and not every model reads such`, limits);
  }
  const { maxBytes, maxPages } = documentLimits;
  if (bytes.length > maxBytes) return refused(file, `its ${megabytes(bytes.length)} are too large`, limits);
  const { pages, isEncrypted } = mediaType === 'application/pdf' ? pdfFacts(bytes) : {};
  if (isEncrypted) return refused(file, 'it is encrypted', limits);
  if (pages !== undefined && pages > maxPages)
    return refused(file, `its ${pages} pages are too many`, limits);
  const name = plainName(file);
  const size = pages === undefined ? '' : `, ${pages} page(s)`;
  const document = documentContent.parse({ type: 'document', name, mediaType, data: base64(bytes) });
  return fitted(text(`${name}: ${kind}${size}, ${bytes.length} bytes`), document);
}

function fitText(file: GivenFile, limits: FileLimits): FittedFile {
  const whole = decodeText(file.bytes);
  if (whole === undefined) {
    return refused(file, 'it is no picture, no document that models read, and no text', limits);
  }
  const title = `${plainName(file)}: text, ${file.bytes.length} bytes`;
  return fitted(text(whole === '' ? `${title} (empty)` : `${title}\n${shortened(whole)}`));
}

function shortened(whole: string): string {
  const omitted = whole.length - MAX_TEXT_CHARACTERS;
  if (omitted <= 0) return whole;
  const half = MAX_TEXT_CHARACTERS / 2;
  return `${whole.slice(0, half)}\n[... ${omitted} of ${whole.length} characters left out ...]\n${whole.slice(-half)}`;
}

function refused(file: GivenFile, reason: string, limits: FileLimits): FittedFile {
  const { bytes, declaredAs } = file;
  const declared = declaredAs === undefined ? '' : `, sent as ${plain(declaredAs)}`;
  const what = `${plainName(file)} (${bytes.length} bytes${declared})`;
  return { fits: false, refusal: `${what} cannot be shown: ${reason}. ${acceptedBy(limits)}` };
}

function acceptedBy({ imageLimits, documentLimits }: FileLimits): string {
  const pictures = imageLimits === undefined ? [] : ['PNG, JPEG, GIF and WebP pictures'];
  const documents = documentLimits === undefined ? [] : [documentsWithin(documentLimits)];
  return `Accepted: ${[...pictures, ...documents, 'text'].join('; ')}.`;
}

function documentsWithin({ mediaTypes, maxBytes, maxPages }: NonNullable<FileLimits['documentLimits']>) {
  const kinds = mediaTypes.map((mediaType) => DOCUMENT_NAMES[mediaType]).join(', ');
  return `documents (${kinds}) of at most ${megabytes(maxBytes)} and ${maxPages} pages, not encrypted`;
}

const fitted = (...content: readonly UserContent[]): FittedFile => ({ fits: true, content });
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;
const plainName = ({ name }: GivenFile): string => plain(name);

/** On one line: a name comes from outside, and is read beside the harness's own words. */
function plain(name: string): string {
  return name
    .replace(/\p{C}|\s/gu, ' ')
    .trim()
    .slice(0, MAX_NAME_CHARACTERS)
    .toWellFormed();
}
