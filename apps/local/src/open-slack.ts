import type { Clock, Logger } from '@swe/domain';
import type { Slack } from '@swe/wiring/slack';
import type { SlackSettings } from './settings';

/** A workspace that the twin serves, with who is told what goes wrong there. */
export type ServedSlack = Slack & { readonly logger: Logger };

/** The workspace whose tokens are set. Its client is loaded when there is one: nobody else pays for it. */
export async function openSlackIfSet(
  settings: SlackSettings | undefined,
  { clock, openLogger }: { readonly clock: Clock; openLogger(): Logger },
): Promise<ServedSlack | undefined> {
  if (settings === undefined) return undefined;
  const { openSlack } = await import('@swe/wiring/slack');
  const { botToken, apiUrl } = settings;
  const logger = openLogger();
  return { ...openSlack({ token: async () => botToken, apiUrl, clock, logger }), logger };
}
