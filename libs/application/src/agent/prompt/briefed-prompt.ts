import type { Briefing, OrganisationWords, Skill } from '@swe/domain';

/** What every agent is told, with what the organisation and the chosen agent add. */
export function briefedPrompt(system: string, briefing: Briefing | undefined): string {
  if (briefing === undefined) return system;
  const { organisation, agent } = briefing;
  const layers = [system, organisationLayer(organisation), agent && agentLayer(agent)];
  return layers.filter((layer) => layer !== undefined).join('\n');
}

function organisationLayer({ prompt, skills }: OrganisationWords): string | undefined {
  const words = prompt.trim();
  if (words === '' && skills.length === 0) return undefined;
  const parts = ['# What your organisation tells you', ...(words === '' ? [] : [words])];
  if (skills.length > 0) parts.push(SKILLS, ...skills.map(skillLine));
  return `${parts.join('\n')}\n`;
}

const SKILLS = 'Skills, to be read with read_file before you do what they are for:';

const skillLine = ({ name, description, path }: Skill): string => `- ${name}: ${description} (${path})`;

const agentLayer = ({ name, prompt }: NonNullable<Briefing['agent']>): string =>
  `# Your part: ${name}\n${prompt.trim()}\n`;
