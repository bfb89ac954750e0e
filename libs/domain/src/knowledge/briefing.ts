import { z } from 'zod';

/** A folder of instructions that the model reads when what it does calls for them. */
export const skill = z.object({
  name: z.string(),
  description: z.string(),
  /** Of its SKILL.md, in the workspace. */
  path: z.string(),
});
export type Skill = z.infer<typeof skill>;

/** An agent that an organisation made for a purpose of its own, chosen by its name. */
export const customAgent = z.object({
  name: z.string(),
  description: z.string(),
  /** Behind what every agent is told. */
  prompt: z.string(),
  /** `<provider>/<model id>`; absent where any will do. */
  model: z.string().exactOptional(),
  /** The names of all that it may use; absent where that is everything. */
  tools: z.array(z.string()).exactOptional(),
  /** The names of those it may use; absent where that is all. */
  mcpServers: z.array(z.string()).exactOptional(),
});
export type CustomAgent = z.infer<typeof customAgent>;

/** What an organisation tells every agent of its own. */
export const organisationWords = z.object({ prompt: z.string(), skills: z.array(skill) });
export type OrganisationWords = z.infer<typeof organisationWords>;

/** What a session's agent is told beside what every agent is, as it was when it was told first. */
export const briefing = z.object({
  organisation: organisationWords,
  /** Absent while nobody chose one. */
  agent: customAgent.exactOptional(),
});
export type Briefing = z.infer<typeof briefing>;
