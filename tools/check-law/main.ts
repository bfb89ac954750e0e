// Plants one breach of every rule of the law, lints, and fails unless each is caught; then checks the real graph.
import { repositoryRoot } from '../ensure-installed.mjs';
import { checkGraph } from './check-graph';
import { judge } from './judge';
import { knownLayers, plantedProjects } from './plants';
import { lintPlanted, readProjectGraph } from './scratch-workspace';

const startedAt = performance.now();
const plants = plantedProjects.flatMap((project) => project.plants);
const breaches = plants.filter(({ breaks }) => breaks);

const wrong = judge(plantedProjects, lintPlanted(repositoryRoot, plantedProjects));
const graph = readProjectGraph(repositoryRoot);
const problems = checkGraph(repositoryRoot, graph, knownLayers);

for (const line of wrong) console.error(`LAW    ${line}`);
for (const line of problems) console.error(`GRAPH  ${line}`);

const edges = Object.values(graph.dependencies).flat().length;
const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
console.log(
  `law: ${breaches.length} breaches and ${plants.length - breaches.length} clean files planted in ${plantedProjects.length} projects, ` +
    `${wrong.length} judged wrongly; real graph: ${Object.keys(graph.nodes).length} projects, ${edges} edges, ` +
    `${problems.length} problems (${seconds} s)`,
);
process.exitCode = wrong.length + problems.length > 0 ? 1 : 0;
