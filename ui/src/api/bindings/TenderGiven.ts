import type { TenderKind } from "./TenderKind";

export type TenderGiven = {
/**
 * What it is.
 */
kind: TenderKind,
/**
 * What was handed over.
 */
given: string,
};
