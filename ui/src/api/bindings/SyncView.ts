import type { Link } from "./Link";
import type { NoticeView } from "./NoticeView";

export type SyncView = {
/**
 * Whether the server answers.
 */
link: Link,
/**
 * Events that wait.
 */
waiting: number,
/**
 * When the oldest of them was made.
 */
oldest_at: number | null,
/**
 * The last good exchange.
 */
last_ok_at: number | null,
/**
 * The last error, a closed word for translation (see `sync-error-*` texts).
 */
error: string | null,
/**
 * More on the error, for the details page.
 */
error_detail: string | null,
/**
 * The journal's last number.
 */
last_seq: number,
/**
 * The last number that the server holds.
 */
acked_seq: number,
/**
 * How far this clock is off the server's, in milliseconds, when it is more than two minutes.
 */
clock_off_ms: number | null,
/**
 * What a person at this terminal should see.
 */
notices: Array<NoticeView>,
};
