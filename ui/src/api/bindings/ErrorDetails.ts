import type { Permission } from "./Permission";

export type ErrorDetails = {
/**
 * `pin_locked`: when to try again.
 */
retry_at: number | null,
/**
 * `approval_needed`, `not_allowed`: the permission.
 */
permission: Permission | null,
/**
 * What was wrong, for `invalid`.
 */
reason: string | null,
/**
 * The code that was scanned, for `unknown_code`; the item for `choice_needed`.
 */
subject: string | null,
};
