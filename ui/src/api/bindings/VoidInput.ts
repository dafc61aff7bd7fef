import type { ApprovalInput } from "./ApprovalInput";

export type VoidInput = {
/**
 * Why.
 */
reason: string,
/**
 * A manager's leave.
 */
approval: ApprovalInput | null,
};
