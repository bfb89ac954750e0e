/**
 * A program: looks for texts in everything that its user can read of a machine, and prints where they are. Which texts,
 * and in which folders, comes as JSON on standard input; what it looked at is counted, to show that it could.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
} from 'node:fs';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

interface Order {
  readonly texts: readonly string[];
  readonly folders: readonly string[];
  /** Folders that everybody uses: there, only what belongs to one of these users. */
  readonly shared: readonly string[];
  readonly owners: readonly number[];
}

export interface Search {
  readonly found: readonly string[];
  readonly looked: Readonly<Record<Kind, number>>;
}

type Kind = 'environments' | 'arguments' | 'descriptors' | 'memories' | 'files';

const PIECE = 4 * 1024 * 1024;
const NOT_WAITING = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

const { texts, folders, shared, owners } = (await json(process.stdin)) as Order;
const needles = texts.flatMap((text) => [Buffer.from(text), Buffer.from(text, 'utf16le')]);
const overlap = Math.max(...needles.map(({ length }) => length));
const found: string[] = [];
const looked: Record<Kind, number> = { environments: 0, arguments: 0, descriptors: 0, memories: 0, files: 0 };

/** What may not be read is no finding. */
function attempt(read: () => void): void {
  try {
    read();
  } catch {
    // Nobody else's, or gone by now.
  }
}

function look(kind: Kind, place: string, bytes: Buffer): void {
  looked[kind] += 1;
  if (holds(bytes)) found.push(place);
}

const holds = (bytes: Buffer): boolean => needles.some((needle) => bytes.includes(needle));

/** Whether the bytes of an open file from `start` to `end` hold one, piece by piece. */
function rangeHolds(file: number, start: bigint, end: bigint): boolean {
  const piece = Buffer.alloc(PIECE);
  for (let at = start; at < end; at += BigInt(PIECE - overlap)) {
    const length = end - at < BigInt(PIECE) ? Number(end - at) : PIECE;
    try {
      if (holds(piece.subarray(0, readSync(file, piece, 0, length, at)))) return true;
    } catch {
      // A page that is not there.
    }
  }
  return false;
}

function lookAtMemory(pid: string): void {
  const maps = readFileSync(`/proc/${pid}/maps`, 'latin1').matchAll(/^([0-9a-f]+)-([0-9a-f]+) rw/gm);
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  looked.memories += 1;
  const isThere = [...maps].some(([, start, end]) =>
    rangeHolds(memory, BigInt(`0x${start}`), BigInt(`0x${end}`)),
  );
  closeSync(memory);
  if (isThere) found.push(`the memory of ${pid}`);
}

function lookAtFile(kind: Kind, path: string, flags = NOT_WAITING): void {
  const file = openSync(path, flags);
  const stats = fstatSync(file, { bigint: true });
  looked[kind] += 1;
  if (stats.isFile() && rangeHolds(file, 0n, stats.size)) found.push(path);
  closeSync(file);
}

for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid))) {
  const at = (name: string): string => `/proc/${pid}/${name}`;
  attempt(() => look('environments', at('environ'), readFileSync(at('environ'))));
  attempt(() => look('arguments', at('cmdline'), readFileSync(at('cmdline'))));
  attempt(() => lookAtMemory(pid));
  attempt(() => {
    const descriptors = readdirSync(at('fd'));
    for (const each of descriptors) {
      attempt(() => lookAtFile('descriptors', at(`fd/${each}`), NOT_WAITING & ~constants.O_NOFOLLOW));
    }
  });
}
const open = [...folders];
for (const folder of shared) {
  attempt(() => {
    const paths = readdirSync(folder).map((name) => join(folder, name));
    open.push(...paths.filter((path) => owners.includes(lstatSync(path).uid)));
  });
}
for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
  const here = folder;
  attempt(() => lookAtFile('files', here));
  attempt(() => {
    for (const entry of readdirSync(here, { withFileTypes: true })) {
      const path = join(here, entry.name);
      if (entry.isDirectory()) open.push(path);
      else if (entry.isFile()) attempt(() => lookAtFile('files', path));
    }
  });
}
process.stdout.write(JSON.stringify({ found, looked } satisfies Search));
