import { SLACK_SCOPES } from '@swe/adapter-slack/manifest';
import type { SlackSettings } from './settings';

/** Asks Slack whether its tokens are good for what is done with them. */
export async function slackChecks({ botToken, appToken, apiUrl }: SlackSettings) {
  const [{ slackClient }, { checkAppToken, checkBotToken }] = await Promise.all([
    import('@swe/wiring/slack'),
    import('@swe/adapter-slack/app-check'),
  ]);
  return {
    /** As whom the bot speaks. */
    bot: () => checkBotToken(slackClient(botToken, apiUrl), SLACK_SCOPES),
    app: () => checkAppToken(slackClient(appToken, apiUrl)),
  };
}
