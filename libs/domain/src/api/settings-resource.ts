import { z } from 'zod';
import { apiScope } from '../access/api-key';

const usd = z.number().nonnegative();

/** How this system is set, for whoever uses it, and who that is. It holds no secret. */
export const settingsResource = z.object({
  caller: z.object({ requester: z.string(), keyId: z.string(), scopes: z.array(apiScope) }),
  budgets: z.object({
    sessionUsd: usd.meta({ description: 'What a session may spend where nobody says otherwise.' }),
    monthUsd: usd.optional().meta({ description: 'What all sessions together may spend in a month.' }),
    requesterMonthUsd: usd.optional(),
    repositoryMonthUsd: usd.optional(),
  }),
  isRehearsal: z.boolean().meta({ description: 'No model is connected: a script stands in for one.' }),
  connected: z
    .object({ slack: z.boolean(), github: z.boolean() })
    .optional()
    .meta({ description: 'Absent where that is not known.' }),
  hasForge: z.boolean().meta({ description: 'It has repositories of its own, below `/forge`.' }),
  toolServers: z.array(z.string()).optional().meta({ description: 'Absent where they are not known.' }),
});
export type SettingsResource = z.infer<typeof settingsResource>;

/** What whoever starts the system knows of it, and says in its settings. */
export type ApiSetup = Pick<SettingsResource, 'connected' | 'toolServers'> & {
  readonly monthlyUsd: {
    readonly all: number | undefined;
    readonly requester: number | undefined;
    readonly repository: number | undefined;
  };
};
