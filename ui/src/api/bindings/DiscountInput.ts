import type { ApprovalInput } from "./ApprovalInput";
import type { Discount } from "./Discount";

export type DiscountInput = {
/**
 * The line; None is the order.
 */
line_id: string | null,
/**
 * The discount; None clears it.
 */
discount: Discount | null,
/**
 * A manager's leave.
 */
approval: ApprovalInput | null,
};
