export type WaitingEvent = {
/**
 * Its number.
 */
seq: number,
/**
 * Its kind.
 */
kind: string,
/**
 * When.
 */
occurred_at: number,
/**
 * What it is about, such as a receipt number.
 */
subject: string,
};
