import { styleText } from 'node:util';
import { printable } from './printable';
import { wrapped } from './word-wrap';

export interface Check {
  readonly step: string;
  readonly ok: boolean;
  /** It was not looked at. */
  readonly isPassedOver?: true;
  readonly detail: string;
}

export interface CheckListOptions {
  readonly write: (text: string) => void;
  readonly columns: () => number;
  readonly colour: boolean;
}

const OK = ['ok  ', 'green'] as const;
const FAILED = ['FAIL', 'red'] as const;
const PASSED_OVER = ['--  ', 'gray'] as const;
const STEP_COLUMNS = 13;
const INDENT = ' '.repeat('FAIL '.length + STEP_COLUMNS + 1);

/** Shows checks as they become known, one paragraph each, with the details below one another. */
export function checkList({ write, columns, colour }: CheckListOptions): (check: Check) => void {
  return ({ step, ok, isPassedOver = false, detail }) => {
    const [mark, hue] = isPassedOver ? PASSED_OVER : ok ? OK : FAILED;
    const shown = colour ? styleText(hue, mark, { validateStream: false }) : mark;
    const rows = wrapped(printable(detail), columns() - INDENT.length);
    write(`${shown} ${step.padEnd(STEP_COLUMNS)} ${rows.join(`\n${INDENT}`)}\n`);
  };
}
