import { handleChatEvent } from '@swe/application/ingress';
import { BUILT_IN_MODELS } from '@swe/domain';
import type { Logger } from '@swe/domain';
import { slackChecks } from './check-slack';
import type { Twin } from './open-twin';
import type { Config, Program } from './program';

const OPEN_TO_ALL =
  'swe: WARNING: everybody in the Slack workspace, its guests too, may have the agent work on this machine. ' +
  'Set ADMIN_USER_ID_LIST to your Slack user id to let in only whom you approve.\n';

/**
 * Takes what is said in the workspace whose tokens are set, until `signal` aborts; nothing without tokens. Throws a fault
 * when Slack doesn't take the tokens.
 */
export async function serveSlack(
  { clock, out, err }: Program,
  { slack, access: rules }: Config,
  { twin, logger }: { readonly twin: Twin; readonly logger: Logger },
  signal: AbortSignal,
): Promise<void> {
  if (slack === undefined) return;
  const checks = await slackChecks(slack);
  const self = await checks.bot();
  await checks.app();
  if (rules.admins === undefined) err(OPEN_TO_ALL);
  const { listenOverSocketMode } = await import('@swe/adapter-slack/socket-mode');
  const { store, access, bus } = twin;
  let isFirst = true;
  await listenOverSocketMode(
    {
      appToken: slack.appToken,
      apiUrl: slack.apiUrl,
      handle: (event) =>
        handleChatEvent({ store, access, bus, clock, logger }, { ...rules, catalog: BUILT_IN_MODELS }, event),
      onConnected() {
        if (isFirst) out(`Listening to Slack as ${self}.\n`);
        isFirst = false;
      },
      clock,
      logger,
    },
    signal,
  );
}
