import type { DrawerClosed } from "./DrawerClosed";
import type { PrintState } from "./PrintState";

export type ClosedView = {
/**
 * The figures and the count.
 */
closed: DrawerClosed,
/**
 * As text, as wide as the printer.
 */
text: string,
/**
 * How printing stands.
 */
print: PrintState | null,
};
