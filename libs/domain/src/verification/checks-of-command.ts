import { checkKindOf } from './check-runners';
import type { CheckKind } from './check-runners';
import { partOfTests } from './part-of-tests';
import { shellCommands } from './shell-commands';
import type { ShellCommand } from './shell-commands';

/** A test run, build, lint or type check that a script holds. */
export interface CheckCommand {
  readonly kind: CheckKind;
  /** Where it runs, seen from where the script starts ('' is there); undefined where only running it would tell. */
  readonly directory: string | undefined;
  /** Why the script's exit code does not say how the check ended. */
  readonly mask?: string;
  /** The word by which but some of the tests run. */
  readonly part?: string;
}

/** What a script has set so far. */
interface ShellOptions {
  isErrexit: boolean;
  isPipefail: boolean;
  trap?: string;
}

/** Programs that run another: with how many words of theirs before it. */
const WRAPPERS: readonly (readonly [RegExp, number])[] = [
  [
    /^(?:\w+=.*|then|do|else|\{|time|env|command|exec|sudo|nice|nohup|stdbuf|timeout|xvfb-run|npx|bunx|pnpx|!|if|elif|while|until)$/s,
    1,
  ],
  // Of `timeout -k 5 300`, `nice -n 10`.
  [/^\d+(?:\.\d+)?[smhd]?$/, 1],
  [/^(?:npm|pnpm|yarn) (?:exec|dlx)$/, 2],
  [/^(?:poetry|uv|pipenv|pdm|hatch|rye|dotenv|doppler|mise) (?:run|exec)$/, 2],
  [/^bundle exec$/, 2],
  [/^python3?(?:\.\d+)? -m$/, 2],
];
const CONDITIONS = new Set(['!', 'if', 'elif', 'while', 'until']);
const DIRECTORY_FLAG = /^(?:-C|--prefix|--cwd|--dir)$/;
const FLAG_WITH_VALUE = /^(?:-C|-w|-F|-f|--prefix|--workspace|--filter|--cwd|--dir|--manifest-path)$/;

/** Options by which a runner says well where nothing was checked, or in spite of what it found. */
const MASKING_FLAGS: readonly (readonly [RegExp, string])[] = [
  [/^--pass-?with-?no-?tests(?:=true)?$/i, 'passes without tests'],
  [/^--if-present$/, 'passes where there is no such script'],
  [
    /^--(?:exit-zero|suppress-error|nofail|no-fail|no-exit-code|ignore-errors|no-bail-on-error)$/,
    'exits with 0 whatever it finds',
  ],
  [/^-Dmaven\.test\.failure\.ignore(?:=true)?$/, 'ignores failures'],
  [/^-D(?:skipTests|maven\.test\.skip)(?:=true)?$/, 'skips tests'],
  [
    /^(?:--no-run|--collect-only|--co|--list|--listTests|--list-tests|--dry-run|--just-print)$/,
    'runs no test',
  ],
];

/** Subcommands of git. */
const SWAPS_FILES = /^(?:stash|checkout|switch|restore|reset)$/;

/** Options by which a program tells of itself and checks nothing; some say other things by the short ones. */
const TELLS_OF_ITSELF = /^(?:--version|--help|-V|-h)$/;
const VERBOSE_BY_V = /^(?:mvnw?|ctest)$/;
const VERSION_BY_V = /^(?:jest|vitest|cypress|rspec|tsc|vue-tsc|eslint|prettier)$/;

/** The checks that a script of the shell's runs, in order. What it only mentions (`echo npm test`) is none. */
export function checksOfCommand(script: string): readonly CheckCommand[] {
  const commands = shellCommands(script);
  /** Working directories by subshell; one that has not changed it is where it was opened. */
  const places = new Map<number | undefined, string | undefined>([[undefined, '']]);
  const options: ShellOptions = { isErrexit: false, isPipefail: false };
  return commands.flatMap((command, i) => {
    const { words, subshells } = command;
    const directory = places.get(subshells.findLast((subshell) => places.has(subshell)));
    const [program, ...rest] = words;
    if (program === 'cd' || program === 'pushd' || program === 'popd') {
      places.set(subshells.at(-1), program === 'popd' ? undefined : joined(directory, rest[0]));
      return [];
    }
    if (program === 'set') {
      setOptions(options, rest);
      return [];
    }
    // Run when the script ends, whose exit code is then its own.
    if (program === 'trap' && /\bexit\b/.test(rest[0] ?? '')) options.trap = `trap ${rest[0]}`;
    const { inner, isCondition } = unwrapped(words);
    const mask =
      (isCondition ? 'is a condition' : undefined) ?? maskOf(commands, i, options) ?? maskOfFlags(inner);
    return checksOfInner(inner).map((check) => {
      const found = check.mask ?? mask;
      const place = check.directory === '' ? directory : joined(directory, check.directory);
      return { ...check, directory: place, ...(found !== undefined && { mask: found }) };
    });
  });
}

/** The folders that checks run in, each once; undefined stands for those that only running would tell. */
export function placesOf(
  checks: readonly CheckCommand[],
  startedIn: string,
): readonly (string | undefined)[] {
  const places = checks.map(({ directory }) =>
    directory === undefined ? undefined : absolute(directory, startedIn),
  );
  return [...new Set(places)];
}

/** Whether a script has git put other files into a working copy, so that a check may run on what is there only then. */
export function swapsFiles(script: string): boolean {
  return shellCommands(script).some(({ words }) => {
    const { inner } = unwrapped(words);
    const nested = scriptWithin(inner);
    if (nested !== undefined) return swapsFiles(nested);
    const [program, ...rest] = inner;
    // `git -C shop stash`: the value of an option is no subcommand.
    const subcommand = rest.find((word, i) => !word.startsWith('-') && !/^-[Cc]$/.test(rest[i - 1] ?? ''));
    return program === 'git' && SWAPS_FILES.test(subcommand ?? '');
  });
}

/** The script of `bash -c`. */
function scriptWithin([program = '', ...rest]: readonly string[]): string | undefined {
  const at = /^(?:ba|da|z)?sh$/.test(program) ? rest.findIndex((word) => /^-\w*c$/.test(word)) : -1;
  return at < 0 ? undefined : (rest[at + 1] ?? '');
}

function checksOfInner(inner: readonly string[]): readonly CheckCommand[] {
  const nested = scriptWithin(inner);
  if (nested !== undefined) return checksOfCommand(nested);
  const [program = '', ...rest] = inner;
  const kind = checkKindOf(inner);
  if (kind === undefined || tellsOfItself(program, rest)) return [];
  const flag = rest.findIndex((word) => DIRECTORY_FLAG.test(word));
  const part = kind === 'tests' ? partOfTests(inner) : undefined;
  return [
    { kind, directory: flag < 0 ? '' : joined('', rest[flag + 1]), ...(part !== undefined && { part }) },
  ];
}

function tellsOfItself(program: string, rest: readonly string[]): boolean {
  if (rest[0] === '-v' && VERSION_BY_V.test(program)) return true;
  return rest.some((word) => TELLS_OF_ITSELF.test(word) && !(word === '-V' && VERBOSE_BY_V.test(program)));
}

/** The command that the words come to without what runs it, its path, and options before its subcommand. */
function unwrapped(words: readonly string[]): {
  readonly inner: readonly string[];
  readonly isCondition: boolean;
} {
  let rest = words.filter((word) => !/^\d*[<>]/.test(word));
  let isCondition = false;
  for (;;) {
    const found = WRAPPERS.find(([pattern, count]) => pattern.test(rest.slice(0, count).join(' ')));
    if (found === undefined) break;
    // Only looks for what it names.
    if (rest[0] === 'command' && /^-p?[vV]/.test(rest[1] ?? '')) return { inner: [], isCondition };
    isCondition ||= CONDITIONS.has(rest[0] ?? '');
    rest = withoutFlags(rest.slice(found[1]));
  }
  const [program = '', ...others] = rest;
  return {
    inner: [program.slice(program.lastIndexOf('/') + 1), ...subcommandFirst(program, others)],
    isCondition,
  };
}

function withoutFlags(words: readonly string[]): string[] {
  const start = words.findIndex((word) => !word.startsWith('-'));
  return start < 0 ? [] : words.slice(start);
}

/** `npm --prefix shop -s test` as `npm test`; a program's other options stay where they are. */
function subcommandFirst(program: string, rest: readonly string[]): readonly string[] {
  if (!/(?:^|\/)(?:npm|pnpm|yarn|bun|cargo|go|dotnet|make|gmake|mix|swift|flutter|playwright)$/.test(program))
    return rest;
  const before: string[] = [];
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at] ?? '';
    if (!word.startsWith('-') || word === '--') {
      if (word !== 'run' && word !== 'run-script') return [word, ...rest.slice(at + 1), ...before];
    } else if (FLAG_WITH_VALUE.test(word)) {
      at += 1;
      before.push(word, rest[at] ?? '');
    } else {
      before.push(word);
    }
  }
  return before;
}

function maskOfFlags(words: readonly string[]): string | undefined {
  for (const word of words) {
    const found = MASKING_FLAGS.find(([flag]) => flag.test(word));
    if (found !== undefined) return `${word} ${found[1]}`;
  }
  return undefined;
}

/** Whether what stands behind the command lets its failure pass. */
function maskOf(
  commands: readonly ShellCommand[],
  index: number,
  { isErrexit, isPipefail, trap }: ShellOptions,
): string | undefined {
  /** The shell goes on after a failure that another command of its `&&` list stands behind, `set -e` or not. */
  let isFollowed = false;
  for (let at = index; at < commands.length; at += 1) {
    const follower = commands[at + 1];
    const words = follower?.words.slice(0, 2).join(' ') ?? '';
    switch (commands[at]?.next) {
      case '|':
        if (isPipefail || isFollowed || follower === undefined) break;
        return `| ${follower.words[0] ?? ''} without pipefail`;
      case '||':
        if (leaves(follower)) return trap;
        return `|| ${words}`;
      case '&':
        return 'its end is not waited for';
      case '&&':
        isFollowed = true;
        break;
      case ';':
        if (follower === undefined || keepsExitCode(commands.slice(at + 1))) return trap;
        if (isErrexit && !isFollowed) return trap;
        return `; ${words} gives the exit code`;
      default:
        // The end of a subshell is not that of the script.
        if (follower === undefined || (isErrexit && !isFollowed)) return trap;
        return `${words} gives the exit code`;
    }
  }
  return trap;
}

function leaves(command: ShellCommand | undefined): boolean {
  const [program, code] = (command?.words ?? []).filter((word) => word !== '{');
  return program === 'false' || ((program === 'exit' || program === 'return') && code !== '0');
}

/** `exit $?`, or `code=$?` whose `$code` the script leaves with. */
function keepsExitCode([first, ...rest]: readonly ShellCommand[]): boolean {
  const [word = '', code] = first?.words ?? [];
  if (word === 'exit') return code === undefined || code === '$?';
  const [, name] = /^(\w+)=\$\?$/.exec(word) ?? [];
  if (name === undefined) return false;
  return rest.some(
    ({ words }) => words[0] === 'exit' && [`$${name}`, `\${${name}}`].includes(words[1] ?? ''),
  );
}

function setOptions(options: ShellOptions, words: readonly string[]): void {
  words.forEach((word, i) => {
    const isOn = word.startsWith('-');
    if (/^[-+]\w*e\w*$/.test(word)) options.isErrexit = isOn;
    if (/^[-+]\w*o$/.test(word) && words[i + 1] === 'pipefail') options.isPipefail = isOn;
    if (/^[-+]\w*o$/.test(word) && words[i + 1] === 'errexit') options.isErrexit = isOn;
  });
}

function joined(directory: string | undefined, target: string | undefined): string | undefined {
  if (target === undefined || /^[-~]|[$`*?]/.test(target)) return undefined;
  if (target.startsWith('/')) return target;
  if (directory === undefined) return undefined;
  return directory === '' ? target : `${directory}/${target}`;
}

function absolute(path: string, from: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${from}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
