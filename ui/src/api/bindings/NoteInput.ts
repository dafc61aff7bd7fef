export type NoteInput = {
/**
 * The line; None is the order.
 */
line_id: string | null,
/**
 * The note; None clears it.
 */
note: string | null,
};
