import type { PrintJobView } from "./PrintJobView";

export type PrintJobsView = {
/**
 * The jobs.
 */
jobs: Array<PrintJobView>,
};
