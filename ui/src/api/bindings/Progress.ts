export type Progress = {
/**
 * Done.
 */
done: number,
/**
 * In all.
 */
total: number,
};
