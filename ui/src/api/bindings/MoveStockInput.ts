import type { ApprovalInput } from "./ApprovalInput";
import type { MoveStockLine } from "./MoveStockLine";
import type { StockReason } from "./StockReason";

export type MoveStockInput = {
/**
 * Why.
 */
reason: StockReason,
/**
 * A word on it.
 */
note: string,
/**
 * What moved; below zero left the shelf.
 */
lines: Array<MoveStockLine>,
/**
 * A manager's leave.
 */
approval: ApprovalInput | null,
};
