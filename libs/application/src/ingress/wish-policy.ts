import {
  capOf,
  findModel,
  isFault,
  isGrantedMore,
  isOwnServers,
  knownModel,
  nanoUsdWords,
  spentWords,
  toNanoUsd,
} from '@swe/domain';
import type { CustomAgent, ModelFacts, Session, SessionChange } from '@swe/domain';
import { unknownAgentWords } from '../agent/knowledge/custom-agent-policy';
import type { WishCommand } from './parse-command';

/** What can be wished for here, and what goes where nobody wishes. */
export interface WishRules {
  readonly catalog: readonly ModelFacts[];
  /** Set for all sessions, in the order in which they are asked; empty where that is not known. */
  readonly models: readonly string[];
  /** Whom the agents here can speak to. */
  readonly providers: readonly string[];
  /** Of a session, where nobody set another. */
  readonly capNanoUsd: number;
}

/** What is said to a wish, and what it changes of the session. */
export interface WishAnswer {
  readonly text: string;
  readonly change?: Pick<
    SessionChange,
    'wishedModel' | 'wishedAgent' | 'capNanoUsd' | 'workflowLeave' | 'retryAtMs'
  >;
  /** The agent is to hear it too: it waits for such a word, or may go on by it. */
  readonly isHeard?: true;
}

/** An agent that may be wished for. */
export type KnownAgent = Pick<CustomAgent, 'name' | 'description'>;

/** As the session's work is found. */
export interface WishedOf {
  readonly session: Session;
  readonly spentNanoUsd: number;
  /** What is left to the session that it works for; undefined for one that works for none. */
  readonly leftOfParentNanoUsd?: number | undefined;
  /** Those that the organisation has; absent where only the agent's machine knows them. */
  readonly agents?: readonly KnownAgent[] | undefined;
  readonly nowMs: number;
  /** Who wishes. */
  readonly requester: string;
}

const MODELS_SHOWN = 30;

const ALLOWED =
  'This session may change files in `.github/workflows` from now on; `forbid workflows` takes that back. GitHub has to let me as well: by the scope `workflow` of a token, or the permission `workflows` of an App.';
const FORBIDDEN = 'This session may not change files in `.github/workflows`.';

/** Answers what somebody wants of a session. `model`, `agent` and `budget` without a value say how it stands. */
export function answerWish(command: WishCommand, of: WishedOf, rules: WishRules): WishAnswer {
  if (command.name === 'budget') {
    return command.usd === undefined ? { text: budgetWords(of, rules) } : setBudget(command.usd, of, rules);
  }
  if (command.name === 'workflows') return setLeave(command.isAllowed, of);
  if (command.name === 'agent') {
    return command.agent === undefined ? { text: agentWords(of) } : setAgent(command.agent, of);
  }
  const { id } = command;
  if (id === undefined) return { text: modelWords(of.session, rules) };
  if (id === 'default') {
    const [first] = rules.models;
    const whose = first === undefined ? 'the model that is set for all' : `\`${first}\``;
    return {
      text: `This session works with ${whose}, from its next step on.`,
      change: { wishedModel: undefined },
    };
  }
  const refusal = modelRefusal(id, rules);
  if (refusal !== undefined) return { text: refusal };
  return { text: `This session works with \`${id}\`, from its next step on.`, change: { wishedModel: id } };
}

/** What giving leave to change workflow files, or taking it back, changes of a session. */
export function leaveChange(
  isAllowed: boolean,
  by: string,
  atMs: number,
): Pick<SessionChange, 'workflowLeave'> {
  return { workflowLeave: isAllowed ? { by, atMs } : undefined };
}

function setLeave(isAllowed: boolean, { session, nowMs, requester }: WishedOf): WishAnswer {
  const change = leaveChange(isAllowed, requester, nowMs);
  if (!isAllowed) return { text: FORBIDDEN, change };
  const isHeard = session.status === 'working' || session.lastTurn === 'asked';
  return { text: ALLOWED, change, ...(isHeard && { isHeard: true }) };
}

function setAgent(name: string, { agents }: WishedOf): WishAnswer {
  if (name === 'default') {
    return {
      text: 'This session works as the agent that all have, from its next turn on.',
      change: { wishedAgent: undefined },
    };
  }
  const isUnknown = agents !== undefined && !agents.some((agent) => agent.name === name);
  if (isUnknown) return { text: unknownAgentWords(name, agents) };
  const condition = agents === undefined ? ', if there is one of that name' : '';
  return {
    text: `This session works as \`${name}\`, from its next turn on${condition}.`,
    change: { wishedAgent: name },
  };
}

function agentWords({ session: { wishedAgent }, agents = [] }: WishedOf): string {
  const current = wishedAgent === undefined ? 'the agent that all have' : `\`${wishedAgent}\``;
  return [
    `This session works as ${current}. \`agent <name>\` chooses another, \`agent default\` goes back.`,
    ...(agents.length === 0 ? [] : ['']),
    ...agents.map(({ name, description }) => `- \`${name}\`${description && `: ${description}`}`),
  ].join('\n');
}

function setBudget(
  usd: number,
  { session, spentNanoUsd, leftOfParentNanoUsd = Infinity, nowMs }: WishedOf,
  rules: WishRules,
): WishAnswer {
  const capNanoUsd = toNanoUsd(usd);
  if (capNanoUsd - spentNanoUsd > leftOfParentNanoUsd) {
    return {
      text: `The session \`${session.parent}\`, for which this one works, has ${nanoUsdWords(leftOfParentNanoUsd)} left: \`budget\` sets at most ${nanoUsdWords(spentNanoUsd + leftOfParentNanoUsd)} here until it has more.`,
    };
  }
  const goesOn = isGrantedMore({ ...session, capNanoUsd }, rules.capNanoUsd);
  const state = `The budget of this session is ${nanoUsdWords(capNanoUsd)} now; ${nanoUsdWords(spentNanoUsd)} is spent.`;
  const consequences = goesOn
    ? ' I go on with what I had put down.'
    : capNanoUsd <= spentNanoUsd
      ? ' I take no further step with that.'
      : '';
  return {
    text: state + consequences,
    // A session without a machine gets one then.
    change: { capNanoUsd, ...(goesOn && { retryAtMs: nowMs }) },
  };
}

function budgetWords({ session, spentNanoUsd }: WishedOf, rules: WishRules): string {
  const spent = spentWords(spentNanoUsd, capOf(session, rules.capNanoUsd));
  return `${spent} spent. \`budget <US dollars>\` sets another budget for this session.`;
}

function modelWords({ wishedModel, model }: Session, rules: WishRules): string {
  const current = wishedModel ?? rules.models[0] ?? model;
  const shown = choosableModels(rules).slice(0, MODELS_SHOWN);
  return [
    current === undefined ? 'Nobody wished for a model yet.' : `This session works with \`${current}\`.`,
    '',
    '`model <provider>/<id>` chooses one of these, `model default` goes back to what is set for all:',
    '',
    ...shown.map(({ id }) => `- \`${id}\``),
  ].join('\n');
}

/** Models that can be had, with those that are set for all first; undefined facts where nobody knows any. */
export function choosableModels(
  rules: Pick<WishRules, 'catalog' | 'models' | 'providers'>,
): readonly { readonly id: string; readonly facts: ModelFacts | undefined }[] {
  const known = usable(rules).flatMap(({ id }) => (id.endsWith('/*') ? [] : [id]));
  return [...new Set([...rules.models, ...known])].map((id) => ({
    id,
    facts: knownModel(rules.catalog, id),
  }));
}

/** Why a model can't be had, with those that are close to it; undefined for one that can. */
export function modelRefusal(id: string, rules: WishRules): string | undefined {
  if (rules.models.includes(id)) return undefined;
  const choice = usable(rules);
  // It would be taken for one that costs nothing, and a server of one's own may pass on to a vendor.
  if (isOwnServers(id) && rules.providers.includes(providerOf(id)) && !knownModel(choice, id)) {
    return `Nobody has told me what \`${id}\` costs: name it in SWE_MODEL, or in the file that SWE_MODEL_CATALOG names.`;
  }
  if (choice.length === 0) return `I can't reach \`${id}\` from here. \`model\` says what I can work with.`;
  try {
    findModel(choice, id);
    return undefined;
  } catch (error) {
    if (!isFault(error, 'invalid')) throw error;
    return `${error.message} \`model\` says what else I can work with.`;
  }
}

function usable({ catalog, providers }: Pick<WishRules, 'catalog' | 'providers'>): readonly ModelFacts[] {
  return catalog.filter(({ id }) => providers.includes(providerOf(id)));
}

const providerOf = (id: string): string => id.slice(0, id.indexOf('/'));
