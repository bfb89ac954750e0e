import { apiOrigin, fingerprintOf, parseIssueUrl, toNanoUsd } from '@swe/domain';
import type { SessionChange } from '@swe/domain';
import { ApiRefusal } from '@swe/domain/api';
import type { ApiCaller, NewSessionRequest, OnceCall, SessionResource } from '@swe/domain/api';
import { moneyLeft } from '../money-left';
import { modelRefusal } from '../wish-policy';
import type { ApiPorts, ApiRules } from './api-ports';
import { childOf } from './child-policy';
import type { FoundParent } from './child-policy';
import { isShown, loadSession } from './load-session';
import { receiveOnce, reusedRefusal } from './receive-once';
import { sessionResourceOf } from './session-resource';

/** Stores a task as the first message of a session of its own, with what its requester wishes for. */
export async function createSession(
  ports: ApiPorts,
  rules: ApiRules,
  { caller, idempotencyKey }: OnceCall,
  request: NewSessionRequest,
): Promise<SessionResource> {
  const refusal = request.model === undefined ? undefined : modelRefusal(request.model, rules);
  if (refusal !== undefined) throw new ApiRefusal(422, refusal, 'model');
  const { keyId, requester } = caller;
  const parent =
    request.parent === undefined ? undefined : await findParent(ports, rules, caller, request.parent);
  const { sessionId } = await receiveOnce(
    ports,
    {
      // Wishes are no part of the words, and another request all the same. A schema has put its members in order.
      messageKey: `api:${keyId}/create/${idempotencyKey}/${fingerprintOf(request)}`,
      origin: apiOrigin(keyId, idempotencyKey),
      requester,
      addressed: true,
      body: { kind: 'text', text: wordsOf(request) },
    },
    ({ session, seq }) => {
      // Whatever began there first is what the key stands for, also when it has ended.
      if (seq > 1 || session.round > 1) throw reusedRefusal();
      const child = parent && childOf(parent, caller, request, rules.capNanoUsd);
      return { posts: [], session: { ...wishesOf(request), ...child } };
    },
  );
  return sessionResourceOf(ports, rules, await loadSession(ports, caller, sessionId));
}

async function findParent(
  ports: ApiPorts,
  { capNanoUsd }: ApiRules,
  caller: ApiCaller,
  id: string,
): Promise<FoundParent> {
  const session = await ports.store.load(id);
  if (session === undefined || !isShown(session, caller)) {
    throw new ApiRefusal(422, `There is no session ${id}.`, 'parent');
  }
  return { session, leftNanoUsd: await moneyLeft(ports.ledger, session, capNanoUsd) };
}

/** As `swe run` says it: the person's words, and where to work. */
function wordsOf({ task, issue, repository, base }: NewSessionRequest): string {
  const toDo = [
    ...(task === undefined ? [] : [task.trim()]),
    ...(issue === undefined ? [] : [`Solve this issue: ${issue}`]),
  ];
  const where = [
    ...(repository === undefined ? [] : [`Repository: ${withoutGit(repository)}`]),
    ...(base === undefined ? [] : [`Start from the branch \`${base}\`, and merge into it.`]),
  ];
  const words = [toDo.join('\n\n'), ...(where.length === 0 ? [] : [where.join('\n')])].join('\n\n');
  return words.toWellFormed();
}

/** As its host calls it: people copy the address that git takes. */
const withoutGit = (repository: string): string => repository.replace(/\.git$/, '');

function wishesOf({
  issue,
  model,
  budgetUsd,
  isPrivate,
}: NewSessionRequest): Omit<SessionChange, 'status' | 'cursor'> {
  const solved = issue === undefined ? undefined : parseIssueUrl(issue);
  return {
    ...(solved !== undefined && { issue: solved }),
    ...(model !== undefined && { wishedModel: model }),
    ...(isPrivate && { isPrivate }),
    ...(budgetUsd !== undefined && { capNanoUsd: toNanoUsd(budgetUsd) }),
  };
}
