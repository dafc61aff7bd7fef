import type { ApprovalInput } from "./ApprovalInput";

export type PriceInput = {
/**
 * The line.
 */
line_id: string,
/**
 * The new price of one unit.
 */
price: string,
/**
 * Why.
 */
reason: string,
/**
 * A manager's leave.
 */
approval: ApprovalInput | null,
};
