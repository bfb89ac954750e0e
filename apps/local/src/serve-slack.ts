import { handleChatEvent } from '@swe/application/ingress';
import { BUILT_IN_MODELS } from '@swe/domain';
import type { Logger } from '@swe/domain';
import { slackChecks } from './check-slack';
import type { Twin } from './open-twin';
import type { Config, Program } from './program';

const OPEN_TO_ALL =
  'swe: WARNING: everybody in the Slack workspace but its guests may have the agent work on this machine. ' +
  'Set ADMIN_USER_ID_LIST to your Slack user id to let in only whom you approve.\n';

/** Takes what is said in a workspace, until the signal aborts. */
export type SlackServer = (
  ports: { readonly twin: Twin; readonly logger: Logger },
  signal: AbortSignal,
) => Promise<void>;

/** Of the workspace whose tokens are set; undefined without. Throws a fault when Slack doesn't take them. */
export async function openSlackServer(
  { clock, out, err }: Program,
  { slack, access: rules }: Config,
): Promise<SlackServer | undefined> {
  if (slack === undefined) return undefined;
  const checks = await slackChecks(slack);
  const self = await checks.bot();
  await checks.app();
  if (rules.admins === undefined) err(OPEN_TO_ALL);
  const { listenOverSocketMode } = await import('@swe/adapter-slack/socket-mode');
  const { appToken, apiUrl } = slack;
  const chatRules = { ...rules, catalog: BUILT_IN_MODELS };
  return ({ twin: { store, access, bus }, logger }, signal) => {
    const ports = { store, access, bus, clock, logger };
    let isFirst = true;
    const onConnected = (): void => {
      if (isFirst) out(`Listening to Slack as ${self}.\n`);
      isFirst = false;
    };
    return listenOverSocketMode(
      {
        appToken,
        apiUrl,
        handle: (event) => handleChatEvent(ports, chatRules, event),
        onConnected,
        clock,
        logger,
      },
      signal,
    );
  };
}
