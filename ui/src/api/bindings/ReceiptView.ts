import type { Order } from "./Order";
import type { PrintState } from "./PrintState";
import type { Refund } from "./Refund";
import type { RefundedLine } from "./RefundedLine";

export type ReceiptView = {
/**
 * The order.
 */
order: Order,
/**
 * The receipt as text, as wide as the printer.
 */
text: string,
/**
 * How printing stands; None without a printer.
 */
print: PrintState | null,
/**
 * Units given back so far, by line.
 */
refunded: Array<RefundedLine>,
/**
 * Refunds of it.
 */
refunds: Array<Refund>,
};
