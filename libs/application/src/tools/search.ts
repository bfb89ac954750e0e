import { z } from 'zod';
import { Fault } from '@swe/domain';
import type { Processes, Workspace } from '@swe/domain';
import { defineTool, failed, said } from '../agent/tool';
import type { Tool } from '../agent/tool';
import { endText, outputText } from './run-report';

const TIMEOUT_MS = 60_000;
const PREVIEW_BYTES = 24_576;
const MAX_PER_FILE = 50;
/** ripgrep holds a line in memory as a whole, and a file can be one line. One that is named is mapped, not held. */
const MAX_FILE_SIZE = '32M';
/** ripgrep's exit codes (https://man.archlinux.org/man/rg.1): 1 no match, 2 an error. */
const NO_MATCH = 1;

/**
 * Searches file contents with ripgrep: files that git ignores, hidden and binary ones are left out, and those above
 * 32 MB unless named. Limits: 50 matches in a file, 24 KB of output, 300 characters of a line, 60 s.
 */
export function search(
  processes: Pick<Processes, 'run'>,
  workspace: Pick<Workspace, 'root' | 'stat'>,
  ripgrepPath: string,
): Tool {
  return defineTool({
    name: 'search',
    description:
      'Search file contents by regular expression (Rust syntax). Gives path:line:text. Ignored, hidden and binary files are left out, and those above 32 MB unless path names one.',
    access: 'reads',
    input: z.object({
      pattern: z.string().min(1),
      path: z.string().optional().describe('File or folder. Default: the workspace.'),
      glob: z.string().optional().describe('Only files whose path matches, for example *.ts or !*.test.js.'),
      literal: z.boolean().optional().describe('The pattern is plain text.'),
      ignoreCase: z.boolean().optional(),
    }),
    async run({ pattern, path = '.', glob, literal, ignoreCase }, { signal }) {
      // ripgrep follows a link that is named on its command line, wherever it leads.
      const { kind } = await workspace.stat(path);
      if (kind === 'link') throw new Fault('invalid', `${path} is a link: name what it points to.`);
      const flags = [
        '--no-config',
        '--line-number',
        '--no-heading',
        '--with-filename',
        '--color=never',
        '--sort=path',
      ];
      const limits = [
        '--max-columns=300',
        '--max-columns-preview',
        `--max-count=${MAX_PER_FILE}`,
        `--max-filesize=${MAX_FILE_SIZE}`,
      ];
      const chosen = [
        ...(literal === true ? ['--fixed-strings'] : []),
        ...(ignoreCase === true ? ['--ignore-case'] : []),
        ...(glob === undefined ? [] : [`--glob=${glob}`]),
      ];
      const argv = [ripgrepPath, ...flags, ...limits, ...chosen, `--regexp=${pattern}`, '--', path] as const;
      const result = await processes.run(
        { command: { argv }, cwd: workspace.root, timeoutMs: TIMEOUT_MS, previewBytes: PREVIEW_BYTES },
        signal,
      );
      if (result.exitCode === NO_MATCH && result.output.totalBytes === 0)
        return { ...said('No match.'), touched: [path] };
      const found = outputText(result.output);
      if (result.exitCode === 0) return { ...said(found), touched: [path] };
      return failed(`${found}\n${endText(result)}`);
    },
  });
}
