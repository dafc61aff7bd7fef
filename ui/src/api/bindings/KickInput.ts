import type { ApprovalInput } from "./ApprovalInput";

export type KickInput = {
/**
 * Why.
 */
reason: string,
/**
 * A manager's leave.
 */
approval: ApprovalInput | null,
};
