import { styleText } from 'node:util';
import { printable } from './printable';

export interface Check {
  readonly step: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Shows checks as they become known, one line each. */
export function checkList(write: (text: string) => void, colour: boolean): (check: Check) => void {
  return ({ step, ok, detail }) => {
    const mark = ok ? 'ok  ' : 'FAIL';
    const shown = colour ? styleText(ok ? 'green' : 'red', mark, { validateStream: false }) : mark;
    write(`${shown} ${step.padEnd(13)} ${printable(detail)}\n`);
  };
}
