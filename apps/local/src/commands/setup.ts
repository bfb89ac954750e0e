import { checkList, EXIT_CODES, openQuestions } from '@swe/adapter-local/terminal';
import type { ExitCode } from '@swe/adapter-local/terminal';
import { deploymentSettingsOf } from '../deployment/deployment-settings';
import type { Program } from '../program';

const UNASKED = [
  'Something is missing, and nobody can be asked here: mend it, or run swe setup at a terminal. A secret is stored by',
  'aws ssm put-parameter --type SecureString --name <parameter> --value file://<file>',
].join('\n');

/** Gets an account on AWS, and Slack and GitHub, ready for a deployment, asking whoever sits there for what is missing. */
export async function setup(
  program: Pick<
    Program,
    'readDeployment' | 'out' | 'err' | 'columns' | 'clock' | 'random' | 'input' | 'isTerminal'
  >,
): Promise<ExitCode> {
  const { out, err, columns, clock, input, isTerminal } = program;
  const settings = deploymentSettingsOf(program.readDeployment());
  const [{ setUpDeployment }, { deploymentOpener }] = await Promise.all([
    import('../deployment/set-up-deployment'),
    import('../deployment/deployment-opener'),
  ]);
  using questions = input.isTTY ? openQuestions({ input, write: out }) : undefined;
  try {
    const isComplete = await setUpDeployment({
      deployment: deploymentOpener(settings, program),
      settings,
      clock,
      operator: questions,
      show: checkList({ write: out, columns, colour: isTerminal && settings.wantsColour }),
      say: (words) => out(`\n${words}\n\n`),
      signal: questions?.signal ?? new AbortController().signal,
    });
    if (isComplete) return EXIT_CODES.done;
  } catch (error) {
    if (questions?.signal.aborted !== true) throw error;
    err('\nStopped. What is stored stays stored; go on with: swe setup\n');
    return EXIT_CODES.stopped;
  }
  if (questions !== undefined) return EXIT_CODES.failed;
  err(`${UNASKED}\n`);
  return EXIT_CODES.badInput;
}
