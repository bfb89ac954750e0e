/** What of Slack's app manifest is used: https://docs.slack.dev/reference/app-manifest */
export interface SlackManifest {
  readonly _metadata: { readonly major_version: 2 };
  readonly display_information: { readonly name: string; readonly description: string };
  readonly features: {
    readonly agent_view: {
      readonly agent_description: string;
      readonly suggested_prompts: readonly { readonly title: string; readonly message: string }[];
    };
    readonly app_home: {
      readonly home_tab_enabled: boolean;
      readonly messages_tab_enabled: boolean;
      readonly messages_tab_read_only_enabled: boolean;
    };
    readonly bot_user: { readonly display_name: string; readonly always_online: boolean };
    readonly slash_commands: readonly {
      readonly command: string;
      readonly description: string;
      readonly usage_hint: string;
      readonly should_escape: boolean;
      readonly url?: string;
    }[];
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: {
    readonly event_subscriptions: { readonly request_url?: string; readonly bot_events: readonly string[] };
    readonly interactivity: { readonly is_enabled: boolean; readonly request_url?: string };
    readonly org_deploy_enabled: boolean;
    readonly socket_mode_enabled: boolean;
    readonly token_rotation_enabled: boolean;
  };
}

export interface SlackManifestOptions {
  /** Whether whatever is said in the app's channels is sent to it, so that answers in its threads need no mention. */
  readonly hearsChannels: boolean;
  /** Where Slack sends everything to; undefined for Socket Mode. */
  readonly requestUrl: string | undefined;
}

/** Which calls need a scope says each method's page; a spec compares them with what the adapter calls. */
const CALLS = [
  'channels:history',
  'channels:read',
  'chat:write',
  'files:read',
  'files:write',
  'groups:history',
  'im:history',
  'mpim:history',
  'reactions:read',
  'reactions:write',
  'users:read',
] as const;

/** For the agent's place in Slack's top bar and its pane: https://docs.slack.dev/ai/developing-agents */
const AGENT = 'assistant:write';

/** To find a post again by its effect key: https://docs.slack.dev/messaging/message-metadata */
const METADATA = 'metadata.message:read';

/** https://docs.slack.dev/interactivity/implementing-slash-commands */
const SLASH_COMMANDS = 'commands';

/** Each event with the scopes that its page at https://docs.slack.dev/reference/events/<name> requires. */
const EVENTS = {
  app_mention: ['app_mentions:read'],
  'message.im': ['im:history'],
  app_home_opened: [],
} as const;

const CHANNEL_EVENTS = {
  'message.channels': ['channels:history'],
  'message.groups': ['groups:history'],
  'message.mpim': ['mpim:history'],
} as const;

/** All that is asked for. It is the same whether channels are heard or not: their history is read anyway. */
export const SLACK_SCOPES: readonly string[] = [
  ...new Set([
    ...CALLS,
    AGENT,
    METADATA,
    SLASH_COMMANDS,
    ...Object.values({ ...EVENTS, ...CHANNEL_EVENTS }).flat(),
  ]),
].toSorted();

/** The app as Slack is told to make it. */
export function slackManifest({ hearsChannels, requestUrl }: SlackManifestOptions): SlackManifest {
  const events = { ...EVENTS, ...(hearsChannels && CHANNEL_EVENTS) };
  return {
    _metadata: { major_version: 2 },
    display_information: {
      name: 'Remote SWE',
      description: 'Takes a task in a thread and comes back with a pull request.',
    },
    features: {
      app_home: {
        home_tab_enabled: false,
        messages_tab_enabled: true,
        messages_tab_read_only_enabled: false,
      },
      // In the place of `assistant_view`, which Slack means to give up: https://docs.slack.dev/ai/migrating-to-agent-messaging
      agent_view: {
        agent_description:
          'Works on a task in a repository while you do something else: reads the code, changes it, runs its tests, and comes back with a pull request. What you write in its thread meanwhile reaches it.',
        // A click sends the message as it is, so each is whole without the name of a repository.
        suggested_prompts: [
          { title: 'What can you do?', message: 'help' },
          {
            title: 'Fix an issue',
            message: 'Ask me for the link of an issue, then fix it, with a test that fails without the fix.',
          },
          {
            title: 'Explain a repository',
            message: 'Ask me for a repository, then tell me how it is built, and how it is tested.',
          },
        ],
      },
      bot_user: { display_name: 'remote-swe', always_online: true },
      slash_commands: [
        {
          command: '/swe',
          description: 'Commands for the agent, answered to you alone.',
          usage_hint: 'help',
          // People arrive as ids instead of names: https://docs.slack.dev/interactivity/implementing-slash-commands
          should_escape: true,
          ...(requestUrl !== undefined && { url: requestUrl }),
        },
      ],
    },
    oauth_config: { scopes: { bot: SLACK_SCOPES } },
    settings: {
      event_subscriptions: {
        ...(requestUrl !== undefined && { request_url: requestUrl }),
        bot_events: Object.keys(events),
      },
      interactivity: { is_enabled: true, ...(requestUrl !== undefined && { request_url: requestUrl }) },
      org_deploy_enabled: false,
      socket_mode_enabled: requestUrl === undefined,
      token_rotation_enabled: false,
    },
  };
}
