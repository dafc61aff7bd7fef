export type PrintJobInput = {
/**
 * The job.
 */
print_job_id: string,
};
