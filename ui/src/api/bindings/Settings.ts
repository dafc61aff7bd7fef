export type Settings = {
/**
 * The language of the screens; None is the outlet's.
 */
locale: string | null,
/**
 * `day`, `night` or `contrast`.
 */
theme: string,
/**
 * Size of the screens in percent (80–200).
 */
scale_percent: number,
/**
 * Whether the cart stands left.
 */
mirrored: boolean,
/**
 * The printer, such as `tcp://192.168.1.50:9100`; None is none.
 */
printer: string | null,
/**
 * The most milliseconds between two keys of a scanner.
 */
scan_gap_ms: number,
};
