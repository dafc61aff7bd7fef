import * as v from 'valibot';
import type { Code } from './bindings/Code';
import type { ErrorDetails } from './bindings/ErrorDetails';
import { errorSchema } from './schema';

/** The engine's closed codes, and two of our own: it does not answer, or not in words we know. */
export type ScreenCode = Code | 'engine_gone' | 'engine_garbled';

export const NO_DETAILS: ErrorDetails = { retry_at: null, permission: null, reason: null, subject: null };

/** A command that was refused or failed; the code decides the reaction, the text is `error-<code>`. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: ScreenCode;
  readonly details: ErrorDetails;

  constructor(code: ScreenCode, message: string, details: ErrorDetails = NO_DETAILS) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** Reads an error as the engine sends it; anything else is `engine_garbled`. */
export function readError(raw: unknown): CommandError {
  if (raw instanceof CommandError) return raw;
  const parsed = v.safeParse(errorSchema, raw);
  if (parsed.success) return new CommandError(parsed.output.code, parsed.output.message, parsed.output.details);
  const message = raw instanceof Error ? raw.message : typeof raw === 'string' ? raw : 'unreadable error';
  return new CommandError('engine_garbled', message);
}
