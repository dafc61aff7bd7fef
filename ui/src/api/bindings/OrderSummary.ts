import type { PrintState } from "./PrintState";
import type { TenderKind } from "./TenderKind";

export type OrderSummary = {
/**
 * The order.
 */
order_id: string,
/**
 * Its number.
 */
receipt_number: string,
/**
 * When.
 */
occurred_at: number,
/**
 * By whom.
 */
staff_name: string,
/**
 * Pieces in it.
 */
item_count: number,
/**
 * What was due.
 */
total: string,
/**
 * How it was paid.
 */
tenders: Array<TenderKind>,
/**
 * What was given back so far.
 */
refunded: string,
/**
 * Whether the server holds it.
 */
synced: boolean,
/**
 * How printing stands; None without a printer.
 */
print: PrintState | null,
};
