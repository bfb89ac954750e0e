import { SLACK_SCOPES } from '@swe/adapter-slack/manifest';
import type { SlackSettings } from './settings';

export interface SlackChecks {
  /** As whom the bot speaks. */
  bot(): Promise<string>;
  /** Absent without Socket Mode. */
  app?(): Promise<void>;
}

/** Asks Slack whether its tokens are good for what is done with them. */
export async function slackChecks({ botToken, appToken, apiUrl }: SlackSettings): Promise<SlackChecks> {
  const [{ slackClient }, { checkAppToken, checkBotToken }] = await Promise.all([
    import('@swe/wiring/slack'),
    import('@swe/adapter-slack/app-check'),
  ]);
  return {
    bot: () => checkBotToken(slackClient(botToken, apiUrl), SLACK_SCOPES),
    ...(appToken !== undefined && { app: () => checkAppToken(slackClient(appToken, apiUrl)) }),
  };
}
