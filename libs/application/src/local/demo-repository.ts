import type { Random } from '@swe/domain';
import { demoModules, projectFiles } from './demo-library';
import type { DemoBugSite, DemoModule } from './demo-library';

export interface DemoIssue {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
}

/** What is wrong in a demo's repository: known to whoever judges the demo, never told to the agent. */
export interface DemoBug {
  readonly file: string;
  readonly function: string;
  readonly wrong: string;
  readonly right: string;
}

export interface DemoRepository {
  readonly name: string;
  /** Content by path. */
  readonly files: Readonly<Record<string, string>>;
  /** What a customer reports: what was called, expected and seen. Names neither the file nor the number. */
  readonly issue: DemoIssue;
  readonly bug: DemoBug;
}

/** One way in which the library can be wrong. */
interface Flaw {
  readonly module: DemoModule;
  readonly site: DemoBugSite;
  readonly wrong: string;
  readonly actual: number;
}

const FLAWS: readonly Flaw[] = demoModules.flatMap((module) =>
  module.bugs.flatMap((site) =>
    Object.entries(site.wrong).map(([wrong, actual]) => ({ module, site, wrong, actual })),
  ),
);

/**
 * A small JavaScript library in which chance made one number of one function wrong, so that the tests of this
 * function fail and no others. The same chance gives the same repository.
 */
export function demoRepository(random: Random): DemoRepository {
  const flaw = FLAWS[Math.floor(random.fraction() * FLAWS.length)];
  if (flaw === undefined) throw new Error('a fraction of chance must be below 1');
  const { module, site, wrong } = flaw;
  const name = `bookshop-${random.id().slice(0, 6)}`;
  const file = `src/${module.name}.js`;
  const moduleNames = demoModules.map((each) => each.name);
  const files: Record<string, string> = { ...projectFiles(name, moduleNames) };
  for (const each of demoModules) {
    files[`src/${each.name}.js`] = each.source;
    files[`test/${each.name}.test.js`] = each.test;
  }
  files[file] = module.source.replace(site.code, site.code.replace(site.right, wrong));
  return {
    name,
    files,
    issue: issueOf(name, flaw),
    bug: { file, function: site.function, wrong, right: site.right },
  };
}

function issueOf(name: string, { site, actual }: Flaw): DemoIssue {
  const body = `${site.story}

\`\`\`js
import { ${site.function} } from '${name}';

${site.example};
\`\`\`

Expected: ${site.expected}
Actual: ${actual}
`;
  return { title: site.title, body, labels: ['bug'] };
}
