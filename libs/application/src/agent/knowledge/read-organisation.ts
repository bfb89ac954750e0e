import { isFault, readFrontMatter } from '@swe/domain';
import type { CustomAgent, OrganisationWords, Skill, Workspace } from '@swe/domain';
import { onOneLine } from '../on-one-line';

/** The folder in which an organisation keeps what it tells its agents. */
export type OrganisationFolder = Pick<Workspace, 'list' | 'read'>;

/** Where its skills lie in a workspace. */
export const SKILLS_FOLDER = '.swe/organisation/skills';

const MAX_PROMPT_BYTES = 24_576;
const MAX_SKILLS = 100;
const MAX_AGENTS = 100;
const MAX_DESCRIPTION = 500;

/** As it may be said in a command, and be a part of a path. */
const NAME = /^[A-Za-z0-9][\w-]{0,63}$/;

/**
 * What `prompt.md` and `skills/<name>/SKILL.md` say: https://agentskills.io/specification. What is not there says
 * nothing; what is longer than 24 KB is cut.
 */
export async function readOrganisation(folder: OrganisationFolder): Promise<OrganisationWords> {
  const skills: Skill[] = [];
  for (const name of await namesIn(folder, 'skills', MAX_SKILLS)) {
    const file = await textOf(folder, `skills/${name}/SKILL.md`);
    const description = descriptionIn(file ?? '');
    if (description !== '') skills.push({ name, description, path: `${SKILLS_FOLDER}/${name}/SKILL.md` });
  }
  return { prompt: (await textOf(folder, 'prompt.md')) ?? '', skills };
}

/**
 * The agents of `agents/<name>.md`, by their names: https://code.claude.com/docs/en/sub-agents#write-subagent-files.
 * Tools may have the names that they have there. A model that is no `<provider>/<model id>` is whichever is set for all.
 */
export async function readAgents(folder: OrganisationFolder): Promise<readonly CustomAgent[]> {
  const agents: CustomAgent[] = [];
  for (const file of await namesIn(folder, 'agents', MAX_AGENTS, '.md')) {
    const text = await textOf(folder, `agents/${file}.md`);
    if (text !== undefined) agents.push(agentOf(file, text));
  }
  return agents;
}

function agentOf(name: string, text: string): CustomAgent {
  const { fields, body } = readFrontMatter(text);
  const model = fields.get('model')?.text ?? '';
  const tools = fields.get('tools')?.items ?? [];
  const mcpServers = fields.get('mcpServers')?.items ?? [];
  return {
    name,
    description: descriptionIn(text),
    prompt: body.trim(),
    ...(model.includes('/') && { model }),
    ...(tools.length > 0 && { tools: tools.map((tool) => OUR_NAMES.get(tool) ?? tool) }),
    ...(mcpServers.length > 0 && { mcpServers: mcpServers.map((server) => server.replace(/:$/, '')) }),
  };
}

/** https://code.claude.com/docs/en/tools-reference */
const OUR_NAMES: ReadonlyMap<string, string> = new Map([
  ['Bash', 'bash'],
  ['Edit', 'edit_file'],
  ['Glob', 'list_files'],
  ['Grep', 'search'],
  ['LS', 'list_files'],
  ['Read', 'read_file'],
  ['TodoWrite', 'todo'],
  ['WebFetch', 'fetch_url'],
  ['Write', 'write_file'],
]);

const descriptionIn = (text: string): string =>
  onOneLine(readFrontMatter(text).fields.get('description')?.text ?? '', MAX_DESCRIPTION);

async function namesIn(
  folder: OrganisationFolder,
  path: string,
  limit: number,
  ending = '',
): Promise<readonly string[]> {
  try {
    const entries = await folder.list(path);
    return entries
      .flatMap(({ name }) => (name.endsWith(ending) ? name.slice(0, name.length - ending.length) : []))
      .filter((name) => NAME.test(name))
      .slice(0, limit);
  } catch (error) {
    if (!isFault(error, 'missing', 'invalid')) throw error;
    return [];
  }
}

async function textOf(folder: OrganisationFolder, path: string): Promise<string | undefined> {
  try {
    const { bytes, totalBytes } = await folder.read(path, { offset: 0, length: MAX_PROMPT_BYTES });
    const text = new TextDecoder().decode(bytes);
    return totalBytes > bytes.length ? `${text.replace(/\uFFFD$/, '')}\n(cut at 24 KB)` : text;
  } catch (error) {
    if (!isFault(error, 'missing', 'invalid', 'denied')) throw error;
    return undefined;
  }
}
