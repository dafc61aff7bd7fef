import type { CartView } from "./CartView";
import type { DrawerView } from "./DrawerView";
import type { OutletView } from "./OutletView";
import type { Permission } from "./Permission";
import type { PrintingView } from "./PrintingView";
import type { Progress } from "./Progress";
import type { Settings } from "./Settings";
import type { StaffView } from "./StaffView";
import type { Stage } from "./Stage";
import type { SyncView } from "./SyncView";
import type { TerminalView } from "./TerminalView";

export type AppState = {
/**
 * Where it is on its way to selling.
 */
stage: Stage,
/**
 * The version of the program.
 */
version: string,
/**
 * The outlet, once enrolled and loaded.
 */
outlet: OutletView | null,
/**
 * The terminal, once enrolled.
 */
terminal: TerminalView | null,
/**
 * Who is signed in at this window.
 */
staff: StaffView | null,
/**
 * What they may do.
 */
permissions: Array<Permission>,
/**
 * The open drawer session.
 */
drawer: DrawerView | null,
/**
 * The cart of this window.
 */
cart: CartView,
/**
 * How the exchange with the server stands.
 */
sync: SyncView,
/**
 * How printing stands.
 */
printing: PrintingView,
/**
 * This terminal's settings.
 */
settings: Settings,
/**
 * While loading: rows had and rows in all.
 */
loading: Progress | null,
};
