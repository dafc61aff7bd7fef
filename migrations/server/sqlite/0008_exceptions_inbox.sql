-- Who saw an exception and what was done about it.

ALTER TABLE exceptions ADD COLUMN seen_at BIGINT;       -- when a person first looked at it, milliseconds UTC
ALTER TABLE exceptions ADD COLUMN resolved_by TEXT;     -- the name of who settled it; NULL when it settled by itself

CREATE TABLE exception_steps (
    tenant_id TEXT NOT NULL,                        -- the business
    exception_id TEXT NOT NULL,                     -- what it is about
    step_number BIGINT NOT NULL,                    -- its place, from 1
    kind TEXT NOT NULL,                             -- seen, reapplied, resolved or applied
    person_id TEXT,                                 -- who did it; NULL is the server
    person_name TEXT,                               -- their name at the time
    terminal_id TEXT,                               -- at which terminal; NULL is headquarters
    note TEXT NOT NULL,                             -- a word on it
    done_at BIGINT NOT NULL,                        -- when, milliseconds UTC
    PRIMARY KEY (tenant_id, exception_id, step_number)
);
