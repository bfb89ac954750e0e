import { startEmulator } from './emulator';
import type { Emulator } from './emulator';
import { pythonProgram } from './python';

/** Starts an empty moto, which speaks many of AWS's services on one port. */
export async function openMoto(): Promise<Emulator> {
  const program = pythonProgram();
  return startEmulator('/', (port) => ({
    program,
    args: ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)],
    variables: {},
  }));
}
