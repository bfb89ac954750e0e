import { approvalOfServers, isFault } from '@swe/domain';
import type { Access, OutboxEntry, ToolServer, ToolSource } from '@swe/domain';
import { outsideTools } from '../tools';
import type { ResultPlace } from '../tools';
import { joinedToolSource } from '../tools/joined-tool-source';
import type { NamedSource } from '../tools/joined-tool-source';
import { findRepositoryServers } from './find-repository-servers';
import type { FindPorts, FoundServers } from './find-repository-servers';
import { postOf } from './session-run';
import type { SessionRun } from './session-run';
import type { Tool } from './tool';

/** What speaks to tool servers on a machine. */
export interface MachineServers {
  /** Those that are configured for every session. */
  readonly configured: NamedSource;
  /** Those of a repository, which get no secrets. */
  open(servers: ReadonlyMap<string, ToolServer>): ToolSource;
}

export interface SessionToolsPorts extends FindPorts {
  readonly access: Pick<Access, 'isApproved'>;
}

/** The tools of tool servers as they are for the session now; what is new to its people is staged. */
export type SessionTools = (run: SessionRun, signal: AbortSignal) => Promise<readonly Tool[]>;

/**
 * Tools of the servers that are configured, and of those that a repository of the session names once an admin has
 * approved them: asked for as a turn begins.
 */
export function sessionTools(
  ports: SessionToolsPorts,
  { configured, open }: MachineServers,
  place: ResultPlace,
): SessionTools {
  const opened = new Map<string, NamedSource>();
  const told = new Set<string>();

  return async (run, signal) => {
    const sources = [configured];
    for (const found of await findRepositoryServers(ports, run.session, signal)) {
      const { hash, servers } = found;
      const isApproved = servers.size > 0 && (await isApprovedFor(ports, run, hash));
      if (isApproved) {
        const source = opened.get(hash) ?? { names: [...servers.keys()], source: open(servers) };
        opened.set(hash, source);
        sources.push(source);
      } else if (isApproved === false && !told.has(hash)) {
        told.add(hash);
        run.stage({ outbox: [askForApproval(run, found)] });
      }
    }
    const source = joinedToolSource(sources);
    const { tools, troubles } = await outsideTools(source, place)(signal);
    for (const { server, reason } of troubles) {
      run.ports.logger.warn('tool-server.troubled', { sessionId: run.session.id, server, reason });
    }
    return tools;
  };
}

/** Undefined while nobody can be asked. */
async function isApprovedFor(
  { access }: SessionToolsPorts,
  run: SessionRun,
  hash: string,
): Promise<boolean | undefined> {
  const { workspace, person } = approvalOfServers(workspaceOf(run.session.origin), hash);
  try {
    return await access.isApproved(workspace, person);
  } catch (error) {
    if (!isFault(error)) throw error;
    run.ports.logger.warn('approval.unread', { sessionId: run.session.id, reason: error.message });
    return undefined;
  }
}

/** Where admins let people and programs in: a chat's workspace. */
const workspaceOf = (origin: string): string => origin.split('/', 1)[0] ?? origin;

/** One post for each content, however often and by whichever machine it is found. */
function askForApproval(run: SessionRun, { repository, hash, servers, troubles }: FoundServers): OutboxEntry {
  const listed = [...servers].map(([name, server]) => `- \`${inline(name)}\`: \`${inline(wayTo(server))}\``);
  const refused = troubles.map((trouble) => `- not to be used: ${inline(trouble)}`);
  const isChat = run.session.origin.includes('/');
  const way = isChat
    ? `I use them once an admin says \`approve_mcp ${hash}\` to me.`
    : 'I use them once they are in your own file of tool servers.';
  const words = servers.size === 0 ? 'None can be used.' : way;
  const body = [`${repository} names tool servers of its own. ${words}`, '', ...listed, ...refused].join(
    '\n',
  );
  return { ...postOf(run, `${run.session.id}/mcp-${hash}`, body), class: 'status' };
}

/** With what is set for it: a variable may say what a program runs as well as its arguments do. */
function wayTo(server: ToolServer): string {
  const settings = Object.entries('url' in server ? server.headers : server.env);
  const set = settings.map(
    ([name, value]) => `${name}=${LIKE_A_SECRET.test(name) ? '…' : JSON.stringify(value)}`,
  );
  const way =
    'url' in server ? [server.url] : [server.command, ...server.args].map((word) => JSON.stringify(word));
  return ('url' in server ? [...way, ...set] : [...set, ...way]).join(' ');
}

/** What stands in the repository in plain words is not to be spread by us. */
const LIKE_A_SECRET = /token|secret|passw|key|credential|auth/i;

const SHOWN = 300;

/** What is cut says so: an admin is not to approve what they have not seen. */
function inline(text: string): string {
  const line = text.replace(/[\s`]+/g, ' ');
  if (line.length <= SHOWN) return line;
  return `${line.slice(0, SHOWN).toWellFormed()} … and more: read the file before you approve it`;
}
