import type { PrintState } from "./PrintState";
import type { Refund } from "./Refund";

export type RefundView = {
/**
 * The refund.
 */
refund: Refund,
/**
 * Its receipt as text.
 */
text: string,
/**
 * How printing stands.
 */
print: PrintState | null,
};
