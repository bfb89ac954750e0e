import { sessionScope } from '@swe/domain';
import type { Answering, Session } from '@swe/domain';
import type { ApiCaller } from '@swe/domain/api';
import { moneyLeftOfParent } from '../money-left';
import { parseCommand } from '../parse-command';
import type { WishCommand } from '../parse-command';
import { mayGiveLeave } from '../who-may-policy';
import { answerWish } from '../wish-policy';
import { workedFor } from '../worked-for';
import type { ApiPorts, ApiRules } from './api-ports';

const LEAVE_ONLY =
  'Only the key that began this session may do that, once its words were taken up there, or one with the scope `admin`.';

/**
 * What is said at once to a `budget`, `model` or `allow workflows` of a session's owner, which the agent asks for in these
 * words everywhere; undefined for what is the agent's to read.
 */
export async function answerWishInWords(
  { store, ledger, clock }: Pick<ApiPorts, 'store' | 'ledger' | 'clock'>,
  rules: ApiRules,
  { requester, isAdmin }: ApiCaller,
  { session, text }: { readonly session: Session; readonly text: string },
): Promise<Answering | undefined> {
  const command = wishIn(text);
  if (command === undefined) return undefined;
  const { spentNanoUsd } = await ledger.report(sessionScope(session.id));
  const leftOfParentNanoUsd = await moneyLeftOfParent({ store, ledger }, session, rules.capNanoUsd);
  const hasHadWork = (await workedFor(store, session)).includes(requester);
  const standing = { isAdmin, isAllowed: true };
  const isRefused =
    command.name === 'workflows' && !mayGiveLeave(session, requester, standing, { hasHadWork });
  const nowMs = clock.nowMs();
  return (at) => {
    if (isRefused) return { outcome: { kind: 'command-result', text: LEAVE_ONLY }, posts: [] };
    const wished = { session: at.session, spentNanoUsd, leftOfParentNanoUsd, nowMs, requester };
    const { text: result, change, isHeard } = answerWish(command, wished, rules);
    return {
      posts: [],
      // Without one it is read as words, too.
      ...(isHeard !== true && { outcome: { kind: 'command-result', text: result } as const }),
      ...(change !== undefined && { session: change }),
    };
  };
}

function wishIn(text: string): WishCommand | undefined {
  const command = parseCommand(text);
  const isWish = command?.name === 'budget' || command?.name === 'model' || command?.name === 'workflows';
  return isWish && command.sessionId === undefined ? command : undefined;
}
