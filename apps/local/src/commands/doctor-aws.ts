import { checkList, EXIT_CODES } from '@swe/adapter-local/terminal';
import type { ExitCode } from '@swe/adapter-local/terminal';
import { examine } from '@swe/application/local';
import { deploymentSettingsOf } from '../deployment/deployment-settings';
import type { Program } from '../program';

/** Looks whether a deployment on AWS is whole, and all it speaks to is there. Nothing is changed. */
export async function doctorAws(
  program: Pick<Program, 'readDeployment' | 'out' | 'columns' | 'clock' | 'random' | 'isTerminal'>,
): Promise<ExitCode> {
  const { out, columns, clock } = program;
  const settings = deploymentSettingsOf(program.readDeployment());
  const [{ deploymentProbes }, { deploymentOpener }] = await Promise.all([
    import('../deployment/deployment-probes'),
    import('../deployment/deployment-opener'),
  ]);
  const show = checkList({ write: out, columns, colour: program.isTerminal && settings.wantsColour });
  const probes = deploymentProbes(deploymentOpener(settings, program), settings, clock);
  return (await examine(probes, clock, show)) ? EXIT_CODES.done : EXIT_CODES.failed;
}
