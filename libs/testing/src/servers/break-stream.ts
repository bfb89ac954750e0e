import { Transform } from 'node:stream';

/** Passes `bytes` bytes on, then calls `onBreak` and passes nothing more, but still reads what comes. */
export function breakAfter(bytes: number, onBreak: () => void): Transform {
  let left = bytes;
  let isBroken = false;
  const check = () => {
    if (isBroken || left > 0) return;
    isBroken = true;
    onBreak();
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const passed = chunk.subarray(0, left);
      left -= passed.length;
      if (passed.length > 0) this.push(passed);
      check();
      done();
    },
  });
}
