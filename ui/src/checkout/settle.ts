/** Taps within this time after a screen changed belong to the screen before. */
export const SETTLE_MS = 300;
