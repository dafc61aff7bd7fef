export type Stage = "needs_enrolment" | "loading" | "signed_out" | "signed_in";
