/** What can be asked of the agent in a word, and is answered without a model. */
export type ChatCommand =
  | { readonly name: 'help' }
  | { readonly name: 'list_users' }
  /** Of this thread's session, unless one is named. */
  | { readonly name: 'status' | 'stop' | 'end' | 'cost' | 'history'; readonly sessionId?: string }
  | { readonly name: 'approve_user' | 'revoke_user'; readonly user: string }
  | { readonly name: 'take_over'; readonly sessionId: string }
  /** A command's word with something behind it that does not belong there. */
  | { readonly name: 'unclear'; readonly usage: string };

const SESSION = /^s[a-z2-7]{20}$/;
/** As Slack has it in a message's text, and as people type it. */
const USER = /^(?:<@([A-Z0-9]+)(?:\|[^>]*)?>|@?([UW][A-Z0-9]+))$/;

/**
 * The command that words are, undefined for words that are meant for the agent: a command is the whole message, so that
 * "stop using tabs" is not one. Only what nobody would say to an agent in other words (`approve_user`, `take_over`) is
 * explained when its argument is wrong.
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
    case 'take_over':
      return SESSION.test(argument)
        ? { name, sessionId: argument }
        : { name: 'unclear', usage: 'take_over <id of the session>' };
    default:
      return undefined;
  }
}

export const HELP = [
  'Tell me what to do, in your own words: I work on it in this thread, and what you write meanwhile reaches me. These words do something by themselves:',
  '',
  '- `status` where the work stands, `cost` what it cost, `history` what was asked and what came of it',
  '- `stop` ends what I am doing, `end` closes the session',
  '- `take_over <session>` goes on with that session in this thread',
  '- `approve_user @somebody`, `revoke_user @somebody`, `list_users` for admins',
  '',
  '`status`, `cost`, `history`, `stop` and `end` also take the id of a session.',
].join('\n');
