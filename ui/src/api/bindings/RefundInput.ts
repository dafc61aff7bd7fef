import type { ApprovalInput } from "./ApprovalInput";
import type { RefundChoice } from "./RefundChoice";
import type { TenderKind } from "./TenderKind";

export type RefundInput = {
/**
 * The order.
 */
order_id: string,
/**
 * What comes back.
 */
lines: Array<RefundChoice>,
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
