import { githubServer, MAX_FILE_BYTES, MAX_WORDS_LENGTH } from '@swe/adapter-github/server';
import type { Chat, Clock, Logger } from '@swe/domain';
import type { Github, GithubSettings } from './github';
import { placesOf } from './github-places';
import { onFirstUse } from './on-first-use';
import type { SecretSource } from './secret';

type ChatCalls = Omit<Chat, 'maxBodyLength' | 'maxAttachmentBytes'>;

/**
 * As `openGithubBy`, for a machine whose session may have nothing to do with GitHub: its client is loaded when it is
 * first asked something.
 */
export function openGithubOnDemand(
  settings: GithubSettings,
  readSecret: (source: SecretSource) => Promise<string>,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
) {
  let opened: Promise<Github> | undefined;
  const open = (): Promise<Github> =>
    (opened ??= import('./github').then(({ openGithubBy }) => openGithubBy(settings, readSecret, clock)));
  const chat = onFirstUse<ChatCalls>(async () => (await open()).chat);
  return {
    ...placesOf(githubServer(settings.serverUrl, settings.apiUrl)),
    repoHost: onFirstUse(async () => (await open()).repoHost),
    // An App has no account to fork into.
    ...(settings.appId === undefined && { forks: onFirstUse(async () => forksOf(await open())) }),
    codeReview: onFirstUse(async () => (await open()).codeReview),
    checkLogs: onFirstUse(async () => (await open()).checkLogs),
    credentials: onFirstUse(async () => (await open()).credentials),
    directory: onFirstUse(async () => (await open()).directory(logger)),
    chat: {
      maxBodyLength: MAX_WORDS_LENGTH,
      maxAttachmentBytes: MAX_FILE_BYTES,
      post: (...given) => chat.post(...given),
      attach: (...given) => chat.attach(...given),
      edit: (...given) => chat.edit(...given),
      find: (...given) => chat.find(...given),
      react: (...given) => chat.react(...given),
      fetch: (...given) => chat.fetch(...given),
    } satisfies Chat,
  };
}

function forksOf({ forks }: Github) {
  if (forks === undefined) throw new Error('a user has forks');
  return forks;
}
