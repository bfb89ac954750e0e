import { openFolderWorkspace } from '@swe/adapter-host/workspace';
import { readAgents, unknownAgentWords } from '@swe/application/agent';
import type { OrganisationFolder } from '@swe/application/agent';
import { Fault, isFault } from '@swe/domain';
import type { CustomAgent } from '@swe/domain';

/** The folder in which an organisation keeps what it tells its agents, undefined where there is none. */
export async function openOrganisation(path: string | undefined): Promise<OrganisationFolder | undefined> {
  if (path === undefined) return undefined;
  try {
    return await openFolderWorkspace(path);
  } catch (error) {
    if (!isFault(error, 'missing')) throw error;
    return undefined;
  }
}

/** The organisation's agents, as they are now. */
export async function agentsOf(path: string): Promise<readonly CustomAgent[]> {
  const folder = await openOrganisation(path);
  return folder === undefined ? [] : readAgents(folder);
}

/** Throws `invalid`, with the names that there are, for one that no agent of the organisation has. */
export async function mustBeAgent(path: string, name: string): Promise<void> {
  const agents = await agentsOf(path);
  if (name === 'default' || agents.some((agent) => agent.name === name)) return;
  throw new Fault('invalid', `${unknownAgentWords(name, agents)} They are in ${path}/agents.`);
}
