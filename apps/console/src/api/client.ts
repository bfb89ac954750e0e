import type {
  CostList,
  CreatedKey,
  ForgePullRequest,
  ForgeRepository,
  ForgeRepositoryList,
  ForgeSample,
  KeyList,
  MessageResource,
  ModelList,
  NewKeyRequest,
  NewSessionRequest,
  ProblemDocument,
  SessionPage,
  SessionResource,
  SettingsResource,
} from '@swe/domain/api';

/** A request that was refused, with the words of the refusal. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;

  constructor(status: number, words: string) {
    super(words);
    this.status = status;
  }
}

/** Whether what was asked for is not there. */
export const isMissing = (error: Error): boolean => error instanceof ApiProblem && error.status === 404;

const API = '/api/v1';

export const eventsUrl = (sessionId: string): string => `${API}/sessions/${sessionId}/events?detail=live`;

async function call<T>(method: string, path: string, body?: unknown, key?: string): Promise<T> {
  const response = await fetch(`${API}${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw await problemOf(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

export async function problemOf(response: Response): Promise<ApiProblem> {
  const problem = (await response.json().catch(() => ({}))) as Partial<ProblemDocument>;
  const details = problem.errors?.map(({ detail }) => detail).join(' ');
  return new ApiProblem(response.status, details || problem.detail || problem.title || response.statusText);
}

const get = <T>(path: string): Promise<T> => call<T>('GET', path);

function queryOf(query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

const forgePath = (name: string): string => `/forge/repositories/${encodeURIComponent(name)}`;

/** The operations of the API that the page uses, under their names there. */
export const api = {
  listSessions: (status?: string, after?: string) =>
    get<SessionPage>(`/sessions${queryOf({ detail: 'full', limit: '30', status, after })}`),
  getSession: (id: string) => get<SessionResource>(`/sessions/${id}`),
  createSession: (request: NewSessionRequest, key: string) =>
    call<SessionResource>('POST', '/sessions', request, key),
  sendMessage: (id: string, text: string, key: string) =>
    call<MessageResource>('POST', `/sessions/${id}/messages`, { text }, key),
  stopSession: (id: string) => call<MessageResource>('POST', `/sessions/${id}/stop`),
  endSession: (id: string) => call<MessageResource>('POST', `/sessions/${id}/end`),
  listModels: () => get<ModelList>('/models'),
  listCosts: (by: string, month?: string) => get<CostList>(`/costs${queryOf({ by, month })}`),
  getSettings: () => get<SettingsResource>('/settings'),
  listKeys: () => get<KeyList>('/keys'),
  createKey: (request: NewKeyRequest) => call<CreatedKey>('POST', '/keys', request),
  revokeKey: (id: string) => call<void>('DELETE', `/keys/${id}`),
  listForgeRepositories: () => get<ForgeRepositoryList>('/forge/repositories'),
  getForgeRepository: (name: string) => get<ForgeRepository>(forgePath(name)),
  addForgeRepository: (source: string) => call<ForgeRepository>('POST', '/forge/repositories', { source }),
  addForgeSample: () => call<ForgeSample>('POST', '/forge/sample'),
  getForgePullRequest: (name: string, number: string) =>
    get<ForgePullRequest>(`${forgePath(name)}/pulls/${number}`),
  mergeForgePullRequest: (name: string, number: string) =>
    call<ForgePullRequest>('POST', `${forgePath(name)}/pulls/${number}/merge`),
};

/** Lets this browser in with a key. */
export async function signIn(key: string): Promise<void> {
  const response = await fetch('/sign-in', { method: 'POST', body: key });
  if (!response.ok) throw await problemOf(response);
}

/** Whether people have accounts here, which `/sign-in` leads to. */
export async function hasAccounts(): Promise<boolean> {
  const response = await fetch('/sign-in/options');
  if (!response.ok) throw await problemOf(response);
  return ((await response.json()) as { accounts: boolean }).accounts;
}

/** Gives where this browser goes next. */
export async function signOut(): Promise<string> {
  const response = await fetch('/sign-out', { method: 'POST' });
  return response.ok ? ((await response.json()) as { next: string }).next : '/';
}
