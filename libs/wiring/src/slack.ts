import { WebClient } from '@slack/web-api';
import { quietLogger, SlackChat } from '@swe/adapter-slack/chat';
import { SlackDirectory } from '@swe/adapter-slack/directory';
import { fromMrkdwn } from '@swe/adapter-slack/mrkdwn';
import type { Clock, Logger } from '@swe/domain';

export interface SlackOptions {
  /** The bot's token, asked for at each call: a rotation is seen. */
  token(): Promise<string>;
  /** `https://slack.com/api/` */
  readonly apiUrl: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export type Slack = ReturnType<typeof openSlack>;

const TIMEOUT_MS = 10_000;

/** One that neither retries nor waits. */
export function slackClient(token: string, apiUrl: string): WebClient {
  return new WebClient(token, {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: TIMEOUT_MS,
    logger: quietLogger,
  });
}

/** Slack as chat and directory. No call is tried again here: the outbox does, and its pauses are stored. */
export function openSlack({ token, apiUrl, clock, logger }: SlackOptions) {
  let opened: { readonly token: string; readonly client: WebClient } | undefined;
  async function client(): Promise<WebClient> {
    const current = await token();
    if (opened?.token !== current) opened = { token: current, client: slackClient(current, apiUrl) };
    return opened.client;
  }
  const directory = new SlackDirectory({ client, clock, logger });
  return {
    chat: new SlackChat({ client, fetch, fileHosts: [new URL(apiUrl).host] }),
    directory,
    /** Words of somebody in Slack without its markup; anybody else's as they are. */
    plainWords: async (words: string, requester: string): Promise<string> => {
      const workspace = /^slack:[^/]+/.exec(requester)?.[0];
      return workspace === undefined ? words : fromMrkdwn(words, workspace, directory);
    },
  };
}
