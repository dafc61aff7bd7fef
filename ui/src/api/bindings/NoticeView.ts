export type NoticeView = {
/**
 * A closed word for translation (`notice-*` texts).
 */
code: string,
/**
 * What it is about, such as a receipt number.
 */
subject: string,
/**
 * When.
 */
occurred_at: number,
};
