import type { DrawerReport } from "./DrawerReport";

export type ReportView = {
/**
 * The figures.
 */
report: DrawerReport,
/**
 * As text, as wide as the printer.
 */
text: string,
};
