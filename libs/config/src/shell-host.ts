import { z } from 'zod';

/** The environment that a shell host reads. */
export const shellHostConfig = z
  .object({
    /** `1` when its socket is descriptor 3: https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html */
    LISTEN_FDS: z.literal('1', 'must be 1: a shell host has one socket').optional(),
    /** Where it makes a socket itself, which its own user alone can connect to. */
    SWE_SHELL_SOCKET: z.string().optional(),
  })
  .refine(
    ({ LISTEN_FDS, SWE_SHELL_SOCKET }) => (LISTEN_FDS === undefined) !== (SWE_SHELL_SOCKET === undefined),
    {
      path: ['SWE_SHELL_SOCKET'],
      error: 'must be set unless systemd passes a socket on, and only then',
    },
  );
