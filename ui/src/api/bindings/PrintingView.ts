export type PrintingView = {
/**
 * Whether a receipt printer is set up.
 */
configured: boolean,
/**
 * Jobs that wait.
 */
waiting: number,
/**
 * Jobs whose outcome is not known.
 */
unknown: number,
/**
 * Why the last attempt failed, a closed word (`printer-error-*` texts): `offline`, `paper_out`, `cover_open`, `unreachable`, `interrupted`.
 */
error: string | null,
};
