import type { CommandError, ScreenCode } from '../api/errors';

/** A fault of the machine, not of what was asked. */
const FAULTS: ReadonlySet<ScreenCode> = new Set<ScreenCode>([
  'store_failed',
  'disk_full',
  'internal',
  'unknown_command',
  'engine_gone',
  'engine_garbled',
]);

/** Whether an error stops the trade or only this step. */
export function refusal(error: CommandError): 'stop' | 'hint' {
  return FAULTS.has(error.code) ? 'stop' : 'hint';
}
