import { AppSyncEventBus } from '@swe/adapter-aws/appsync';
import { openForge } from '@swe/adapter-local/forge';
import { TerminalChat } from '@swe/adapter-local/terminal-chat';
import { routeChat, routeDirectory, routeRepoHosts } from '@swe/application/agent';
import type { Clock, Logger, Random } from '@swe/domain';
import type { AwsCredentials } from '@swe/wiring/aws-client';
import { openAwsStore } from '@swe/wiring/aws-store';
import { openGithubOnDemand } from '@swe/wiring/github-on-demand';
import { openImage } from '@swe/wiring/image';
import { openModels, readCosts, readSpending } from '@swe/wiring/models';
import { secretReader } from '@swe/wiring/secret';
import { openSlack } from '@swe/wiring/slack';
import { isForgeUrl, twinHome } from '@swe/wiring/twin-home';
import { openWebPage } from '@swe/wiring/web-page';
import type { Settings } from './settings';

interface Host {
  readonly credentials: AwsCredentials | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Everything that an agent reaches beside its own machine. */
export async function openPorts(settings: Settings, host: Host) {
  const { clock, random, logger } = host;
  const { home, path, region } = settings;
  const aws = openAwsStore({ ...settings, ...host });
  const { store, journal, outbox, ledger, access, blobs } = aws;
  // Without a twin's folder that other machines see, a forge of its own, which is empty.
  const { forge: folder, threads } = twinHome(settings.twinHome ?? home);
  const forge = openForge({ folder, env: { PATH: path, HOME: home }, clock });
  const secrets = new Set(settings.secrets);
  const readSecret = secretReader({ region, credentials: host.credentials }, clock, secrets);
  const { token, apiUrl } = settings.slack;
  const slack = openSlack({ token: () => readSecret(token), apiUrl, clock, logger });
  const github = openGithubOnDemand(settings.github, readSecret, { clock, logger });
  const chats = {
    slack: slack.chat,
    github: github.chat,
    ...(settings.twinHome !== undefined && {
      terminal: new TerminalChat({ folder: threads, clock, random }),
    }),
  };
  return {
    ...(await openModels(settings.models, { ...settings.modelAccess, awsCredentials: host.credentials })),
    costOf: await readCosts(settings.modelAccess),
    spending: await readSpending(settings.modelAccess, settings),
    store,
    journal,
    outbox,
    ledger,
    access,
    blobs,
    bus: new AppSyncEventBus({
      ...settings.events,
      region,
      credentials: aws.credentials,
      clock,
      random,
      logger,
    }),
    chat: routeChat(chats, logger),
    directory: routeDirectory({ slack: slack.directory, github: github.directory }),
    plainWords: slack.plainWords,
    /** Those that are known by now: a file that holds one stays out of what is saved. */
    secrets,
    /** By the name of its parameter; it is known from then on. */
    readSecret: (parameter: string) => readSecret({ value: undefined, parameter }),
    git: { origins: [github.server.webUrl], credentials: github.credentials },
    ...routeRepoHosts([{ serves: isForgeUrl, repoHost: forge.host }, github]),
    image: openImage(),
    webPage: openWebPage(),
    clock,
    random,
    logger,
    [Symbol.dispose]: () => forge.close(),
  };
}
