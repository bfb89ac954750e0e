import { Fault } from '@swe/domain';
import type { RunResult } from '@swe/domain';
import { endText, outputText } from './run-report';

export interface RefusedPush {
  readonly directory: string;
  readonly branch: string;
  /** What the working copy calls the repository that it was pushed to. */
  readonly remote: string;
}

/** https://git-scm.com/docs/git-push#_output: `!`, a tab, from where to where, a tab, and in brackets who refused it. */
const REFUSED = /^!\t[^\t]*\t\[(rejected|remote rejected)\]/m;

/** Why a branch did not arrive, with what to do about it before git's own words. The commits stay where they are. */
export function pushRefusal(result: RunResult, { directory, branch, remote }: RefusedPush): Fault {
  const words = `git push failed.\n${outputText(result.output)}\n${endText(result)}`;
  const kept = `Your commits are kept in ${directory}.`;
  switch (REFUSED.exec(result.output.head + result.output.tail)?.[1]) {
    case 'rejected': {
      const mend = `Fetch it (git fetch ${remote} ${branch}), look at what it has, merge or rebase onto it, and call open_pull_request again.`;
      return new Fault(
        'conflict',
        `${branch} is on the host already, with commits that ${directory} lacks. ${kept} ${mend}\n\n${words}`,
      );
    }
    case 'remote rejected': {
      const mend =
        'Where it names something in your commits, mend that. Where a rule of the repository, the name of another branch, or what your token or App may do stands against it, only a person can change that: tell them what has to be changed, since you may push no other branches than your own.';
      return new Fault('denied', `The host does not take ${branch}. ${kept} ${mend}\n\n${words}`);
    }
    default: {
      const mend =
        'If the connection broke off, call open_pull_request again; otherwise what is wrong stands below.';
      return new Fault('invalid', `${branch} could not be pushed. ${kept} ${mend}\n\n${words}`);
    }
  }
}
