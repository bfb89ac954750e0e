import type { ModelList, SessionApi } from '@swe/domain/api';
import { choosableModels } from '../wish-policy';
import { createKey, listKeys, revokeKey } from './api-keys';
import type { ApiPorts, ApiRules } from './api-ports';
import { createSession } from './create-session';
import { followSession } from './follow-session';
import { settingsOf } from './get-settings';
import { listCosts } from './list-costs';
import { loadSession } from './load-session';
import { listMessages } from './message-resource';
import { sayToSession } from './say-to-session';
import { listSessions, sessionResourceOf } from './session-resource';

/** The API over these ports. What changes a session goes through its inbox, as from anywhere else. */
export function sessionApi(ports: ApiPorts, rules: ApiRules): SessionApi {
  return {
    createSession: (call, request) => createSession(ports, rules, call, request),
    listSessions: (caller, query) => listSessions(ports, rules, caller, query),
    getSession: async (caller, id) => sessionResourceOf(ports, rules, await loadSession(ports, caller, id)),
    sendMessage: (call, id, { text }) =>
      sayToSession(ports, rules, call, id, { kind: 'text', text: text.toWellFormed() }),
    command: (call, id, command) => sayToSession(ports, rules, call, id, { kind: 'command', command }),
    listMessages: (caller, id, query) => listMessages(ports, caller, id, query),
    followSession: (caller, id, following) => followSession(ports, caller, id, following),
    listModels: async () => modelList(rules),
    listCosts: (caller, query) => listCosts(ports, rules, caller, query),
    getSettings: async (caller) => settingsOf(caller, rules),
    createKey: ({ requester }, request) => createKey(ports, requester, request),
    listKeys: () => listKeys(ports),
    revokeKey: (keyId) => revokeKey(ports, keyId),
  };
}

function modelList(rules: ApiRules): ModelList {
  const [first] = rules.models;
  const items = choosableModels(rules).map(({ id, facts }) => ({
    id,
    isDefault: id === first,
    ...(facts && { contextTokens: facts.contextTokens, prices: facts.prices }),
  }));
  return { items };
}
