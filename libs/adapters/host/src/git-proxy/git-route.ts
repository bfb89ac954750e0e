/** What a request of git's is for: https://git-scm.com/docs/gitprotocol-http, and git-lfs's beside it. */
export type GitRoute =
  | (RepositoryRoute & { readonly kind: 'refs'; readonly service: GitService })
  | (RepositoryRoute & { readonly kind: 'fetch' | 'push' | 'lfs-batch' | 'lfs-locks' })
  | { readonly kind: 'lfs-object'; readonly ticket: string };

export type GitService = 'git-upload-pack' | 'git-receive-pack';

export interface RepositoryRoute {
  /** Canonical, as the client wrote it: `https://github.com/owner/name`. */
  readonly repository: string;
  /** Where the host takes this request. */
  readonly url: URL;
}

const NAME = String.raw`(?!\.{1,2}(?:\.git)?/)[\w.-]+?`;
const PATH = new RegExp(
  String.raw`^/([\w.:-]+)/(${NAME})/(${NAME})(?:\.git)?/([\w/-]+)(?:\?service=([\w-]+))?$`,
);
const LFS_OBJECT = /^\/-\/lfs\/([\w-]+)$/;

/** Where git-lfs fetches or stores the object that `ticket` stands for. */
export function lfsObjectPath(ticket: string): string {
  return `/-/lfs/${ticket}`;
}

/**
 * Reads where a request goes, or the status that says it goes nowhere. Paths are taken as they are written: what is
 * escaped, climbs or says more than git says is none. `origins` are those of the hosts, such as `https://github.com`.
 */
export function readGitRoute(
  method: string | undefined,
  path: string | undefined,
  origins: readonly string[],
): GitRoute | 404 | 405 {
  const [, ticket] = LFS_OBJECT.exec(path ?? '') ?? [];
  if (ticket !== undefined) return { kind: 'lfs-object', ticket };
  const [, host, owner = '', name = '', what = '', service] = PATH.exec(path ?? '') ?? [];
  const origin = origins.find((candidate) => new URL(candidate).host === host);
  if (origin === undefined) return 404;
  const repository = `${new URL(origin).origin}/${owner}/${name}`;
  const query = service === undefined ? '' : `?service=${service}`;
  const kind = kindOf(what, service);
  if (kind === undefined) return 404;
  if (kind !== 'lfs-locks' && method !== (kind === 'refs' ? 'GET' : 'POST')) return 405;
  const route = { repository, url: new URL(`${repository}.git/${what}${query}`) };
  return kind === 'refs' ? { ...route, kind, service: service as GitService } : { ...route, kind };
}

function kindOf(what: string, service: string | undefined) {
  if (what === 'info/refs') {
    return service === 'git-upload-pack' || service === 'git-receive-pack' ? 'refs' : undefined;
  }
  if (service !== undefined) return undefined;
  if (what === 'git-upload-pack') return 'fetch';
  if (what === 'git-receive-pack') return 'push';
  if (what === 'info/lfs/objects/batch') return 'lfs-batch';
  return /^info\/lfs\/locks(?:\/|$)/.test(what) ? 'lfs-locks' : undefined;
}
