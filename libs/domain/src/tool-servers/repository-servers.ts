import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Approval } from '../ports/access';
import { secretsOf, toolServersText } from './tool-servers-file';
import type { ToolServer } from './tool-servers-file';

/** Where a repository names tool servers of its own, by convention. */
export const REPOSITORY_SERVERS_FILE = '.mcp.json';
export const MAX_REPOSITORY_SERVERS_BYTES = 64 * 1024;

/** What a repository's file of tool servers says. */
export interface RepositoryServers {
  /** SHA-256 of the file, in hex: what an admin approves. */
  readonly hash: string;
  /** Those that may be used once the file is approved. */
  readonly servers: ReadonlyMap<string, ToolServer>;
  /** What can't be used whoever approves, and why. */
  readonly troubles: readonly string[];
}

/**
 * A repository's servers. They get no secret and see no folder beside the workspace: who may push to the repository
 * decides what they run, and what they are told goes wherever they say.
 */
export function readRepositoryServers(text: string): RepositoryServers {
  const hash = createHash('sha256').update(text).digest('hex');
  const { success, data, error } = toolServersText.safeParse(text);
  if (!success) return { hash, servers: new Map(), troubles: [z.prettifyError(error)] };
  const [servers, troubles]: [Map<string, ToolServer>, string[]] = [new Map(), []];
  for (const [name, server] of data) {
    const wants =
      secretsOf(server).length > 0 || ('readableFolders' in server && server.readableFolders.length > 0);
    if (wants) troubles.push(`${name} wants a secret or a folder, which a repository's servers don't get`);
    else servers.set(name, server);
  }
  return { hash, servers, troubles };
}

/**
 * What the approval of a repository's servers is stored as, for those whom an admin of `workspace` lets in: beside
 * people, in a workspace of its own.
 */
export function approvalOfServers(workspace: string, hash: string): Pick<Approval, 'workspace' | 'person'> {
  return { workspace: `mcp:${workspace}`, person: hash };
}
