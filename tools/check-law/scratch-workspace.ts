import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type PlantedProject, targets } from './plants';

export interface Finding {
  readonly rule: string;
  readonly message: string;
}

const reportFile = 'lint-report.json';
const copied = [
  'eslint.config.mjs',
  'tools/eslint',
  'tsconfig.base.json',
  'package.json',
  'package-lock.json',
];

/**
 * Lints planted projects in a throwaway workspace that has the real configuration and the real `node_modules`,
 * through Nx as people do. Answers the findings of every planted file by its path in the workspace.
 */
export function lintPlanted(root: string, projects: readonly PlantedProject[]): Map<string, Finding[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'check-law-'));
  const write = (path: string, content: unknown) => {
    mkdirSync(dirname(join(scratch, path)), { recursive: true });
    writeFileSync(join(scratch, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  try {
    for (const path of copied) cpSync(join(root, path), join(scratch, path), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'));

    const nx = JSON.parse(readFileSync(join(root, 'nx.json'), 'utf8'));
    nx.targetDefaults.lint.options.command += ` --format json --output-file {projectRoot}/${reportFile}`;
    write('nx.json', nx);

    for (const { layer, root: project, file } of targets) {
      write(`${project}/project.json`, { name: `target-${layer}`, tags: [`layer:${layer}`] });
      write(`${project}/${file}`, "export const word = 'word';\n");
    }
    write('libs/outsider/project.json', { name: 'outsider', tags: ['layer:domain'] });
    write('libs/outsider/src/index.ts', "export const word = 'word';\n");
    for (const { name, root: project, tags, plants } of projects) {
      write(`${project}/project.json`, { name, tags, targets: { lint: {} } });
      for (const { path, source } of plants) write(`${project}/${path}`, source);
    }

    const run = spawnSync(
      process.execPath,
      [join(root, 'node_modules/nx/dist/bin/nx.js'), 'run-many', '-t', 'lint'],
      {
        cwd: scratch,
        encoding: 'utf8',
        env: environmentWithoutNx(),
      },
    );
    return new Map(
      projects.flatMap(({ name, root: project }) => {
        const report = join(scratch, project, reportFile);
        if (!existsSync(report))
          throw new Error(`lint of ${name} left no report:\n${run.stdout}${run.stderr}`);
        return readReport(report, scratch);
      }),
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The real workspace's project graph. */
export function readProjectGraph(root: string): ProjectGraph {
  const folder = mkdtempSync(join(tmpdir(), 'check-law-'));
  try {
    const file = join(folder, 'graph.json');
    execFileSync(
      process.execPath,
      [join(root, 'node_modules/nx/dist/bin/nx.js'), 'graph', `--file=${file}`],
      {
        cwd: root,
        stdio: ['ignore', 'ignore', 'inherit'],
        env: environmentWithoutNx(),
      },
    );
    return JSON.parse(readFileSync(file, 'utf8')).graph;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface ProjectGraph {
  readonly nodes: Readonly<
    Record<string, { data: { root: string; tags?: string[]; targets?: Record<string, unknown> } }>
  >;
  readonly dependencies: Readonly<Record<string, readonly { target: string }[]>>;
}

interface EslintResult {
  readonly filePath: string;
  readonly messages: readonly { ruleId: string | null; message: string }[];
}

function readReport(path: string, scratch: string): [string, Finding[]][] {
  const results: EslintResult[] = JSON.parse(readFileSync(path, 'utf8'));
  return results.map(({ filePath, messages }) => [
    // macOS: the temporary folder is a link, ESLint reports the real path.
    filePath.slice(filePath.indexOf(scratch) + scratch.length + 1),
    messages.map(({ ruleId, message }) => ({ rule: ruleId ?? 'not linted', message })),
  ]);
}

/** Inside an Nx task the variables of the outer workspace would win over the scratch workspace's own. */
function environmentWithoutNx(): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NX_'))),
    NX_DAEMON: 'false',
  };
}
