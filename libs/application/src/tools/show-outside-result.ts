import { text } from '@swe/domain';
import type { FileLimits, Image, OutsideFile, OutsideResult, UserContent, Workspace } from '@swe/domain';
import { fenced } from '../agent/fence';
import { fitFile } from '../agent/fit-file';
import type { ToolOutput } from '../agent/tool';

/** Of words that are shown as they are. */
const PREVIEW_BYTES = 8_192;
/** Of longer ones: every later step pays for what stays in the conversation. */
const BRIEF_HALF_BYTES = 2_000;
const MAX_FILES = 20;
const UTF8 = new TextEncoder();

/** Where what a server gave is kept and fitted. */
export interface ResultPlace {
  readonly workspace: Pick<Workspace, 'write'>;
  /** Where the output of tools is kept, relative to the workspace's root. */
  readonly spoolDirectory: string;
  readonly image: Image;
  readonly limits: FileLimits;
}

/**
 * What a tool server gave, as the model sees it: texts in a fence, shortened in their middle where they are long, with
 * the whole of them in a file; files kept in the workspace, and shown as what they are where models see such.
 */
export async function showOutsideResult(
  { content, isError }: OutsideResult,
  tool: string,
  callId: string,
  place: ResultPlace,
): Promise<ToolOutput> {
  const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const files = content.filter((part) => part.type === 'file');
  const whole = texts.join('\n');
  const shown: UserContent[] = [];
  if (whole !== '' || files.length === 0) {
    shown.push(text(fenced('tool-server', { tool }, await bounded(whole, `${callId}.txt`, place))));
  }
  for (const [i, file] of files.slice(0, MAX_FILES).entries()) {
    shown.push(...(await showFile(file, `${callId}-${i + 1}`, place)));
  }
  if (files.length > MAX_FILES) shown.push(text(`[${files.length - MAX_FILES} more files were left out]`));
  return { content: shown, isError };
}

async function bounded(whole: string, name: string, place: ResultPlace): Promise<string> {
  if (whole === '') return '(nothing)';
  if (Buffer.byteLength(whole) <= PREVIEW_BYTES) return whole;
  const kept = await keep(name, UTF8.encode(whole), place);
  const half = Math.floor((BRIEF_HALF_BYTES / Buffer.byteLength(whole)) * whole.length);
  const omitted = whole.length - 2 * half;
  const note = `[... ${omitted} of ${whole.length} characters left out; ${kept} ...]`;
  return `${whole.slice(0, half)}\n${note}\n${whole.slice(whole.length - half)}`;
}

async function showFile(
  { name, declaredAs, bytes }: OutsideFile,
  keptAs: string,
  place: ResultPlace,
): Promise<readonly UserContent[]> {
  const kept = await keep(`${keptAs}.${extensionOf(declaredAs)}`, bytes, place);
  const fitted = await fitFile({ name, declaredAs, bytes }, place.limits, place.image);
  return fitted.fits ? [...fitted.content, text(`[${kept}]`)] : [text(`${fitted.refusal} [${kept}]`)];
}

async function keep(
  name: string,
  bytes: Uint8Array,
  { workspace, spoolDirectory }: ResultPlace,
): Promise<string> {
  const path = `${spoolDirectory}/${name}`;
  try {
    await workspace.write(path, bytes);
    return `all of it is in ${path}`;
  } catch (error) {
    return `it could not be kept: ${Error.isError(error) ? error.message : String(error)}`;
  }
}

/** By what the server says it is; what that says is no path. */
function extensionOf(declaredAs = ''): string {
  return /^[a-z]+\/(?:x-)?([a-z0-9]{1,8})(?:[;+]|$)/.exec(declaredAs)?.[1] ?? 'bin';
}
