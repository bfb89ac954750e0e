import { setTimeout as sleep } from 'node:timers/promises';
import type { LastPid } from './last-pid';
import { readProcessTable } from './process-table';
import type { ProcessRow } from './process-table';

const POLL_MS = 25;
/** How long SIGKILL may take; only a process that hangs in the kernel needs it. */
export const KILL_LIMIT_MS = 500;

/**
 * A leader and all that comes from it: its group, its descendants, and whoever bears its mark. With a warden, the
 * leader and its child only shut the others in: they are not counted, and asked to end no earlier than they are killed.
 */
export class ProcessTree {
  readonly #mark: string;
  readonly #since: string;
  readonly #known = new Set<string>();
  readonly #leader: number;
  readonly #hasWarden: boolean;
  readonly #earlier: LastPid | undefined;
  #group: number | undefined;

  constructor(leader: {
    readonly pid: number;
    readonly started: string;
    readonly mark: string;
    readonly hasWarden: boolean;
    /** Of before it was started: who had a pid by then is none of its tree. */
    readonly earlier?: LastPid | undefined;
  }) {
    this.#mark = leader.mark;
    this.#since = leader.started;
    this.#group = leader.pid;
    this.#leader = leader.pid;
    this.#hasWarden = leader.hasWarden;
    this.#earlier = leader.earlier;
  }

  /**
   * To be called right after the leader's end: says how many it left behind, those on their way out not counted.
   * From then on its pid is free for others, so the group is no longer asked for.
   */
  async orphan(): Promise<number> {
    const first = await this.#shutIn();
    if (first.length > 0) await sleep(POLL_MS);
    const left = first.length > 0 ? await this.#shutIn() : first;
    this.#group = undefined;
    return left.length;
  }

  /**
   * Ends every member: SIGTERM, and SIGKILL to those who are still there after `graceMs`. A warden whose charges end
   * within the grace is left, to tell how; `end(0)` ends it.
   */
  async end(graceMs: number): Promise<void> {
    const startedMs = performance.now();
    // Counted from the first: on a machine under load its time may come late.
    let killedMs: number | undefined;
    for (let asked = false; ; asked = true) {
      const nowMs = performance.now();
      const killing = nowMs - startedMs >= graceMs;
      const members = killing ? await this.#living() : await this.#shutIn();
      if (members.length === 0 || (killedMs !== undefined && nowMs - killedMs > KILL_LIMIT_MS)) return;
      if (killing) {
        signal(members, 'SIGKILL');
        killedMs ??= performance.now();
      } else if (!asked) signal(members, 'SIGTERM');
      await sleep(POLL_MS);
    }
  }

  async #shutIn(): Promise<readonly ProcessRow[]> {
    const members = await this.#living();
    if (!this.#hasWarden) return members;
    return members.filter(({ pid, parent }) => pid !== this.#leader && parent !== this.#leader);
  }

  async #living(): Promise<readonly ProcessRow[]> {
    const rows = await readProcessTable(this.#mark, this.#since, this.#earlier);
    const members = membersOf(rows, { group: this.#group, known: this.#known });
    for (const member of members) this.#known.add(nameOf(member));
    return members;
  }
}

/** The rows that belong to a tree: those of its group, the marked, the known, and all their descendants. */
export function membersOf(
  rows: readonly ProcessRow[],
  tree: { readonly group: number | undefined; readonly known: ReadonlySet<string> },
): readonly ProcessRow[] {
  const childrenOf = Map.groupBy(rows, (row) => row.parent);
  const members = new Set<ProcessRow>();
  const pending = rows.filter((row) => row.marked || row.group === tree.group || tree.known.has(nameOf(row)));
  for (let row = pending.pop(); row !== undefined; row = pending.pop()) {
    if (members.has(row)) continue;
    members.add(row);
    pending.push(...(childrenOf.get(row.pid) ?? []));
  }
  return [...members];
}

function nameOf(row: ProcessRow): string {
  return `${row.pid}:${row.started}`;
}

/**
 * Signals whole groups, which no fork can slip through. A group of a member holds only members: the leader began a
 * session of its own, and a process can join groups of its own session only.
 */
function signal(members: readonly ProcessRow[], name: NodeJS.Signals): void {
  for (const group of new Set(members.map((member) => member.group))) {
    // To kill(2) these two mean our own group, and everybody.
    if (group <= 1) continue;
    try {
      process.kill(-group, name);
    } catch {
      // It ended by itself meanwhile.
    }
  }
}
