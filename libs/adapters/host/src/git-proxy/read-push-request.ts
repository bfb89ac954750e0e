import { Fault } from '@swe/domain';
import type { PushCommand } from '@swe/domain';
import type { ByteReader } from './byte-reader';
import { pktLineLength } from './pkt-line';

/** How much of a request may be read before the pack begins: thousands of refs. */
export const MAX_COMMAND_BYTES = 1024 * 1024;
/** More than anybody pushes who means it. */
export const MAX_COMMANDS = 200;

/** What a push says before its pack: https://git-scm.com/docs/gitprotocol-pack#_reference_update_request_and_packfile_transfer */
export interface PushRequest {
  /** None is git's probe, a lone flush, which it sends ahead of a body that it cannot send twice. */
  readonly commands: readonly PushCommand[];
  readonly capabilities: ReadonlySet<string>;
  readonly options: readonly string[];
}

const SHALLOW = /^shallow (?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const COMMAND = /^([0-9a-f]{40}|[0-9a-f]{64}) ([0-9a-f]{40}|[0-9a-f]{64}) ([^\0]+)$/;

/**
 * Reads a push up to where its pack begins. It is stricter than git, so that nobody behind reads anything else into the
 * same bytes. Throws `invalid`, with a sentence for who pushes.
 */
export async function readPushRequest(reader: ByteReader): Promise<PushRequest> {
  const commands: PushCommand[] = [];
  let capabilities: ReadonlySet<string> = new Set();
  for (let line = await readLine(reader); line !== undefined; line = await readLine(reader)) {
    const isFirst = commands.length === 0;
    if (isFirst && SHALLOW.test(chomped(line))) continue;
    if (/^push-cert\b/.test(line))
      throw new Fault('invalid', 'signed pushes are not taken: push without --signed');
    const { text, asked } = isFirst ? withCapabilities(line) : { text: line, asked: undefined };
    if (asked !== undefined) capabilities = asked;
    commands.push(commandIn(chomped(text), capabilities));
    if (commands.length > MAX_COMMANDS) throw new Fault('invalid', `more than ${MAX_COMMANDS} refs at once`);
  }
  const options: string[] = [];
  if (commands.length > 0 && capabilities.has('push-options')) {
    for (let line = await readLine(reader); line !== undefined; line = await readLine(reader)) {
      options.push(chomped(line));
    }
  }
  return { commands, capabilities, options };
}

/** The next line, one character per byte; undefined for a flush. */
async function readLine(reader: ByteReader): Promise<string | undefined> {
  const length = pktLineLength(await reader.read(4));
  if (length === undefined) throw new Fault('invalid', 'the request is not what git sends');
  return length === 0 ? undefined : (await reader.read(length - 4)).toString('latin1');
}

function withCapabilities(line: string): { readonly text: string; readonly asked: ReadonlySet<string> } {
  const end = line.indexOf('\0');
  if (end < 0) return { text: line, asked: new Set() };
  const asked = chomped(line.slice(end + 1))
    .split(' ')
    .filter(Boolean);
  return { text: line.slice(0, end), asked: new Set(asked) };
}

function commandIn(line: string, capabilities: ReadonlySet<string>): PushCommand {
  const [, oldId = '', newId = '', ref = ''] = COMMAND.exec(line) ?? [];
  const idLength = capabilities.has('object-format=sha256') ? 64 : 40;
  if (ref === '' || oldId.length !== idLength || newId.length !== idLength) {
    throw new Fault('invalid', 'the request is not what git sends');
  }
  return { ref, oldId, newId };
}

function chomped(line: string): string {
  return line.endsWith('\n') ? line.slice(0, -1) : line;
}
