import type { PrintState } from "./PrintState";

export type PrintJobView = {
/**
 * The job.
 */
print_job_id: string,
/**
 * What it prints: a receipt number, `X`, `Z 12`.
 */
title: string,
/**
 * When it was queued.
 */
created_at: number,
/**
 * How it stands.
 */
state: PrintState,
/**
 * Attempts so far.
 */
attempts: number,
/**
 * Why the last attempt failed.
 */
error: string | null,
};
