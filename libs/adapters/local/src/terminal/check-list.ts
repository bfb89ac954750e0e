import { styleText } from 'node:util';
import { printable } from './printable';
import { wrapped } from './word-wrap';

export interface Check {
  readonly step: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface CheckListOptions {
  readonly write: (text: string) => void;
  readonly columns: () => number;
  readonly colour: boolean;
}

const STEP_COLUMNS = 13;
const INDENT = ' '.repeat('FAIL '.length + STEP_COLUMNS + 1);

/** Shows checks as they become known, one paragraph each, with the details below one another. */
export function checkList({ write, columns, colour }: CheckListOptions): (check: Check) => void {
  return ({ step, ok, detail }) => {
    const mark = ok ? 'ok  ' : 'FAIL';
    const shown = colour ? styleText(ok ? 'green' : 'red', mark, { validateStream: false }) : mark;
    const rows = wrapped(printable(detail), columns() - INDENT.length);
    write(`${shown} ${step.padEnd(STEP_COLUMNS)} ${rows.join(`\n${INDENT}`)}\n`);
  };
}
