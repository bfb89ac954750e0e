import { isFault } from '@swe/domain';
import type { Briefing, CustomAgent, OrganisationWords, Workspace } from '@swe/domain';
import { postOf } from '../session-run';
import type { SessionRun } from '../session-run';
import { bringSkills } from './bring-skills';
import { unknownAgentWords } from './custom-agent-policy';
import { readAgents, readOrganisation } from './read-organisation';
import type { OrganisationFolder } from './read-organisation';

/**
 * Stages what a session's agent is told beside what every agent is, where that is new: the organisation's words before
 * the first model call, and an agent once it is chosen. Both stay as they were read, also on the next machine.
 */
export type Briefer = (run: SessionRun) => Promise<void>;

const NOTHING: OrganisationWords = { prompt: '', skills: [] };

/** A briefer by the organisation's folder, if there is one, for the machine that has `workspace`. */
export function briefer(
  folder: OrganisationFolder | undefined,
  workspace: Pick<Workspace, 'write'>,
): Briefer {
  let areSkillsHere = false;

  return async (run) => {
    try {
      await stageBriefing(run, folder);
      if (folder === undefined || areSkillsHere || !run.briefing?.organisation.skills.length) return;
      await bringSkills(folder, workspace);
      areSkillsHere = true;
    } catch (error) {
      if (!isFault(error)) throw error;
      run.ports.logger.warn('organisation.unread', { sessionId: run.session.id, reason: error.message });
    }
  };
}

async function stageBriefing(run: SessionRun, folder: OrganisationFolder | undefined): Promise<void> {
  const { briefing, session, callNumber } = run;
  const isFirst = briefing === undefined && callNumber === 0;
  const isOther = session.wishedAgent !== briefing?.agent?.name;
  if (!isFirst && !isOther) return;
  const words = isFirst && folder !== undefined ? await readOrganisation(folder) : briefing?.organisation;
  const organisation = words ?? NOTHING;
  const agent = isOther ? await wished(run, folder) : briefing?.agent;
  const next: Briefing = { organisation, ...(agent !== undefined && { agent }) };
  const saysNothing = organisation.prompt === '' && organisation.skills.length === 0 && agent === undefined;
  const isSame = briefing === undefined ? saysNothing : agent?.name === briefing.agent?.name;
  if (!isSame) run.stage({ entries: [{ kind: 'briefed', atMs: run.ports.clock.nowMs(), ...next }] });
}

/** The agent that is wished for. One that nobody knows changes nothing, and the person is told which there are. */
async function wished(
  run: SessionRun,
  folder: OrganisationFolder | undefined,
): Promise<CustomAgent | undefined> {
  const { wishedAgent: name, id } = run.session;
  if (name === undefined) return undefined;
  const agents = folder === undefined ? [] : await readAgents(folder);
  const found = agents.find((agent) => agent.name === name);
  if (found !== undefined) return found;
  const body = unknownAgentWords(name, agents);
  run.stage({ outbox: [postOf(run, `${id}/agent-unknown-${name}`, body)] });
  return run.briefing?.agent;
}
