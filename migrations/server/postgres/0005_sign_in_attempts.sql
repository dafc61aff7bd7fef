-- Guesses at passwords, counted across restarts. The table has no business in it, since what is guessed at may not
-- exist; its keys are keyed hashes, so it tells nothing about who tried what.

CREATE TABLE sign_in_attempts (
    attempt_key TEXT NOT NULL PRIMARY KEY,          -- keyed hash of what is guessed at and from where, hexadecimal
    failures BIGINT NOT NULL,                       -- failed guesses since the last success or long silence
    last_failed_at BIGINT NOT NULL,                 -- when the last guess came, milliseconds UTC
    locked_until BIGINT NOT NULL                    -- no guess is looked at before, milliseconds UTC
);
