import type { AccessRules } from './who-may-policy';

/** What can be asked of the agent in a word, and is answered without a model. */
export type ChatCommand =
  | { readonly name: 'help' }
  | { readonly name: 'list_users' }
  /** Of this thread's session, unless one is named. */
  | { readonly name: 'status' | 'stop' | 'end' | 'cost' | 'history'; readonly sessionId?: string }
  | { readonly name: 'approve_user' | 'revoke_user'; readonly user: string }
  /** A repository's file of tool servers, by the hash of its content. */
  | { readonly name: 'approve_mcp' | 'revoke_mcp'; readonly hash: string }
  | { readonly name: 'take_over'; readonly sessionId: string }
  | WishCommand
  /** A command's word with something behind it that does not belong there. */
  | { readonly name: 'unclear'; readonly usage: string };

/** What somebody wants of this thread's session, unless another is named; without a value it is only asked about. */
export type WishCommand =
  | { readonly name: 'budget'; readonly usd?: number; readonly sessionId?: string }
  /** `<provider>/<model id>`, or `default`. */
  | { readonly name: 'model'; readonly id?: string; readonly sessionId?: string }
  /** Leave to change workflow files, given or taken back. */
  | { readonly name: 'workflows'; readonly isAllowed: boolean; readonly sessionId?: string }
  /** A name, or `default`. */
  | { readonly name: 'agent'; readonly agent?: string; readonly sessionId?: string };

const SESSION = /^s[a-z2-7]{20}$/;
/** SHA-256, in hex. */
const HASH = /^[0-9a-f]{64}$/;
/** As Slack has it in a message's text, and as people type it. */
const USER = /^(?:<@([A-Z0-9]+)(?:\|[^>]*)?>|@?([UW][A-Z0-9]+))$/;

const MODEL = /^(?:default|[a-z-]+\/\S+)$/;
const AGENT = /^[A-Za-z0-9][\w-]{0,63}$/;
/** What looks like an amount to whoever wrote it, whether it can be one or not, and in whatever currency. */
const AMOUNT =
  /^[+-]?[$€£¥]?[+-]?(?:[\d.,_]*\d[\d.,_]*(?:e[+-]?\d+)?|infinity|nan) ?(?:[$€£¥]|usd|eur|gbp|chf|jpy|dollars?|euros?|pounds?|cents?)?$/i;
const USD = /^\$?(\d+(?:\.\d+)?)\$?$/;
/** Nobody means more by it than a slip of the finger. */
const [LEAST_USD, MOST_USD] = [0.01, 100_000];

/**
 * The command that words are, undefined for words that are meant for the agent: a command is the whole message, so that
 * "stop using tabs" is not one. Only what nobody would say to an agent in other words (`approve_user`, `take_over`, an
 * amount behind `budget`, a single word behind `model` or `agent`) is explained when its argument is wrong.
 */
export function parseCommand(text: string): ChatCommand | undefined {
  const [word = '', ...rest] = text.trim().split(/\s+/);
  const argument = rest.join(' ');
  const name = word.toLowerCase().replace(/^\//, '');
  switch (name) {
    case 'help':
    case 'list_users':
      return argument === '' ? { name } : undefined;
    case 'status':
    case 'stop':
    case 'end':
    case 'cost':
    case 'history':
      if (argument === '') return { name };
      return SESSION.test(argument) ? { name, sessionId: argument } : undefined;
    case 'approve_user':
    case 'revoke_user': {
      const [, mentioned, typed] = USER.exec(argument) ?? [];
      const user = mentioned ?? typed;
      return user === undefined ? { name: 'unclear', usage: `${name} @somebody` } : { name, user };
    }
    case 'approve_mcp':
    case 'revoke_mcp':
      return HASH.test(argument)
        ? { name, hash: argument }
        : { name: 'unclear', usage: `${name} <hash of the file, as I named it>` };
    case 'budget':
      return budgetOf(rest);
    case 'model':
      return modelOf(rest);
    case 'allow':
    case 'forbid':
      return workflowsOf(rest, name === 'allow');
    case 'agent':
      return agentOf(rest);
    case 'take_over':
      return SESSION.test(argument)
        ? { name, sessionId: argument }
        : { name: 'unclear', usage: 'take_over <id of the session>' };
    default:
      return undefined;
  }
}

function budgetOf(words: readonly string[]): ChatCommand | undefined {
  const { value, session } = wishOf(words);
  if (value === undefined) return { name: 'budget', ...session };
  if (!AMOUNT.test(value)) return undefined;
  const [, amount] = USD.exec(value) ?? [];
  const usd = Number(amount);
  if (usd >= LEAST_USD && usd <= MOST_USD) return { name: 'budget', usd, ...session };
  return { name: 'unclear', usage: 'budget <US dollars, such as 20 or 2.50>' };
}

function modelOf(words: readonly string[]): ChatCommand | undefined {
  const { value, session } = wishOf(words);
  if (value === undefined) return { name: 'model', ...session };
  if (MODEL.test(value)) return { name: 'model', id: value, ...session };
  return value.includes(' ') ? undefined : { name: 'unclear', usage: 'model <provider>/<id>' };
}

function workflowsOf(words: readonly string[], isAllowed: boolean): ChatCommand | undefined {
  const { value, session } = wishOf(words);
  return value?.toLowerCase() === 'workflows' ? { name: 'workflows', isAllowed, ...session } : undefined;
}

function agentOf(words: readonly string[]): ChatCommand | undefined {
  const { value, session } = wishOf(words);
  if (value === undefined) return { name: 'agent', ...session };
  if (AGENT.test(value)) return { name: 'agent', agent: value, ...session };
  return value.includes(' ') ? undefined : { name: 'unclear', usage: 'agent <name>' };
}

/** What words say, but for the session that they may name at their end. */
function wishOf(words: readonly string[]): {
  readonly value: string | undefined;
  readonly session: { readonly sessionId?: string };
} {
  const last = words.at(-1) ?? '';
  const [values, session] = SESSION.test(last) ? [words.slice(0, -1), { sessionId: last }] : [words, {}];
  return { value: values.join(' ') || undefined, session };
}

const FOR_ADMINS =
  '- `approve_user @somebody`, `revoke_user @somebody`, `list_users`, `approve_mcp <hash>`, `revoke_mcp <hash>` for admins';

/** Says what there is. People are let in by name only where there are admins for it. */
export function helpWords({ isByPlace }: Pick<AccessRules, 'isByPlace'>): string {
  return isByPlace ? HELP.filter((line) => line !== FOR_ADMINS).join('\n') : HELP.join('\n');
}

const HELP: readonly string[] = [
  'Tell me what to do, in your own words: I work on it in this thread, and what you write meanwhile reaches me. These words do something by themselves:',
  '',
  '- `status` where the work stands, `cost` what it cost, `history` what was asked and what came of it',
  '- `stop` ends what I am doing, `end` closes the session',
  '- `budget` what this session has spent of what it may, `budget 20` lets it spend 20 US dollars',
  '- `model` which model works and which could, `model <provider>/<id>` chooses one, `model default` goes back',
  '- `allow workflows` lets this session change files in `.github/workflows`, which run with the repository’s secrets; `forbid workflows` takes that back',
  '- `agent` which agents there are, `agent <name>` chooses one, `agent default` goes back',
  '- `take_over <session>` goes on with that session in this thread',
  FOR_ADMINS,
  '',
  '`status`, `cost`, `history`, `budget`, `model`, `agent`, `allow workflows`, `forbid workflows`, `stop` and `end` also take the id of a session.',
];
