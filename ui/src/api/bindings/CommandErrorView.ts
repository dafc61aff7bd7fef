import type { Code } from "./Code";
import type { ErrorDetails } from "./ErrorDetails";

export type CommandErrorView = {
/**
 * One of the closed codes.
 */
code: Code,
/**
 * For the log and for support, in English.
 */
message: string,
/**
 * More by code: `{"retry_at": …}` for `pin_locked`, `{"permission": …}` for `approval_needed`, `{"line_id": …}`, `{"total": …}`.
 */
details: ErrorDetails,
};
