import type { IngressOptions } from '@swe/adapter-http/ingress';
import { handleChatEvent } from '@swe/application/ingress';
import type { ChatEvent, Logger } from '@swe/domain';
import { chatRulesOf } from './chat-rules';
import { slackChecks } from './check-slack';
import type { Twin } from './open-twin';
import type { Config, Program } from './program';

const OPEN_TO_ALL =
  'swe: WARNING: everybody in the Slack workspace but its guests may have the agent work on this machine. ' +
  'Set ADMIN_USER_ID_LIST to your Slack user id to let in only whom you approve.\n';

interface ServedPorts {
  readonly twin: Twin;
  readonly logger: Logger;
}

/** Takes what is said in a workspace. */
export interface SlackServer {
  /** What takes its requests: nothing without a secret that they are verified with. */
  posts(ports: ServedPorts): Promise<IngressOptions['posts']>;
  /** Listens over Socket Mode until the signal aborts: not at all without a token for that. */
  listen(ports: ServedPorts, signal: AbortSignal): Promise<void>;
}

/** Of the workspace whose tokens are set; undefined without. Throws a fault when Slack doesn't take them. */
export async function openSlackServer(
  { clock, out, err }: Program,
  config: Config,
): Promise<SlackServer | undefined> {
  const { slack } = config;
  if (slack === undefined) return undefined;
  const { appToken, signingSecret, apiUrl } = slack;
  const checks = await slackChecks(slack);
  const self = await checks.bot();
  await checks.app?.();
  const chatRules = await chatRulesOf(config);
  if (chatRules.admins === undefined) err(OPEN_TO_ALL);
  const handlerOn = ({ twin: { store, ledger, access, bus }, logger }: ServedPorts) => {
    const ports = { store, ledger, access, bus, clock, logger };
    return (event: ChatEvent) => handleChatEvent(ports, chatRules, event);
  };
  return {
    async posts(ports) {
      if (signingSecret === undefined) return {};
      const { handleSlackRequest, MAX_SLACK_BODY_BYTES } = await import('@swe/adapter-slack/requests');
      const [handleEvent, { logger }] = [handlerOn(ports), ports];
      const options = { signingSecret: async () => signingSecret, handle: handleEvent, clock, logger };
      const handle = (request: Request): Promise<Response> => handleSlackRequest(request, options);
      return { '/slack/events': { handle, maxBodyBytes: MAX_SLACK_BODY_BYTES } };
    },
    async listen(ports, signal) {
      if (appToken === undefined) return;
      const { listenOverSocketMode } = await import('@swe/adapter-slack/socket-mode');
      let isFirst = true;
      const onConnected = (): void => {
        if (isFirst) out(`Listening to Slack as ${self}.\n`);
        isFirst = false;
      };
      const [handle, { logger }] = [handlerOn(ports), ports];
      await listenOverSocketMode({ appToken, apiUrl, handle, onConnected, clock, logger }, signal);
    },
  };
}
