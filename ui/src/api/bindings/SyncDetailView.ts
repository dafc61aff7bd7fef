import type { SyncView } from "./SyncView";
import type { WaitingEvent } from "./WaitingEvent";

export type SyncDetailView = {
/**
 * The state.
 */
sync: SyncView,
/**
 * The first events that wait, oldest first, at most 50.
 */
waiting: Array<WaitingEvent>,
/**
 * When the feed was last read to its end.
 */
pulled_at: number | null,
/**
 * Items held.
 */
items: number,
/**
 * The data folder's free space in MiB.
 */
free_mib: number,
};
