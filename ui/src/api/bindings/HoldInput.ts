export type HoldInput = {
/**
 * What it is called; the time of day unless given.
 */
label: string | null,
};
