import type { ApprovalInput } from "./ApprovalInput";
import type { LooseRefundLine } from "./LooseRefundLine";
import type { TenderKind } from "./TenderKind";

export type LooseRefundInput = {
/**
 * What comes back.
 */
lines: Array<LooseRefundLine>,
/**
 * By which means.
 */
tender: TenderKind,
/**
 * Why.
 */
reason: string,
/**
 * A manager's leave.
 */
approval: ApprovalInput | null,
};
