-- The terminals' journals as they came in, and what a person must look at.

CREATE TABLE journal_heads (
    tenant_id TEXT NOT NULL,                        -- the business
    terminal_id TEXT NOT NULL,                      -- the terminal
    epoch BIGINT NOT NULL,                          -- the life of its journal
    seq BIGINT NOT NULL,                            -- the last event held
    hash BLOB NOT NULL,                             -- that event's hash, 32 bytes
    PRIMARY KEY (tenant_id, terminal_id, epoch)
);

CREATE TABLE journal_events (
    tenant_id TEXT NOT NULL,                        -- the business
    terminal_id TEXT NOT NULL,                      -- the terminal that wrote it
    epoch BIGINT NOT NULL,                          -- the life of its journal
    seq BIGINT NOT NULL,                            -- its place there, gapless from 1
    outlet_id TEXT NOT NULL,                        -- where it happened
    kind TEXT NOT NULL,                             -- such as order.completed
    version BIGINT NOT NULL,                        -- the version of the payload's form
    occurred_at BIGINT NOT NULL,                    -- when, by the terminal's clock, milliseconds UTC
    business_date TEXT NOT NULL,                    -- the day of business, YYYY-MM-DD
    prev_hash BLOB NOT NULL,                        -- hash of the event before, 32 bytes
    hash BLOB NOT NULL,                             -- SHA-256 of prev_hash and raw, 32 bytes
    signature BLOB NOT NULL,                        -- Ed25519 over hash, 64 bytes
    raw BLOB NOT NULL,                              -- the canonical bytes (RFC 8785) that were hashed
    state TEXT NOT NULL,                            -- received, applied or parked
    reason TEXT,                                    -- why it is parked
    received_at BIGINT NOT NULL,                    -- when it came in, milliseconds UTC
    PRIMARY KEY (tenant_id, terminal_id, epoch, seq)
);
CREATE INDEX journal_events_received ON journal_events (tenant_id, terminal_id, epoch, seq) WHERE state = 'received';
CREATE INDEX journal_events_parked ON journal_events (tenant_id, terminal_id, epoch, seq) WHERE state = 'parked';

CREATE TABLE journal_forks (
    tenant_id TEXT NOT NULL,                        -- the business
    terminal_id TEXT NOT NULL,                      -- the terminal that signed it
    epoch BIGINT NOT NULL,                          -- the life of its journal
    seq BIGINT NOT NULL,                            -- the place that another event holds already
    hash BLOB NOT NULL,                             -- this event's hash, 32 bytes
    prev_hash BLOB NOT NULL,                        -- hash of the event before in its branch, 32 bytes
    signature BLOB NOT NULL,                        -- Ed25519 over hash, 64 bytes
    raw BLOB NOT NULL,                              -- the canonical bytes
    received_at BIGINT NOT NULL,                    -- when it came in, milliseconds UTC
    PRIMARY KEY (tenant_id, terminal_id, epoch, seq, hash)
);

CREATE TABLE exceptions (
    tenant_id TEXT NOT NULL,                        -- the business
    exception_id TEXT NOT NULL,                     -- derived from what it is about, so that it is noted once
    code TEXT NOT NULL,                             -- a closed word, such as computation_mismatch
    outlet_id TEXT,                                 -- where
    terminal_id TEXT,                               -- on which terminal
    epoch BIGINT,                                   -- the life of the journal of its event
    seq BIGINT,                                     -- the place of its event
    subject TEXT NOT NULL,                          -- receipt number or other name of what it is about
    details TEXT NOT NULL,                          -- JSON, by code
    occurred_at BIGINT NOT NULL,                    -- when it happened, milliseconds UTC
    created_at BIGINT NOT NULL,                     -- when it was found, milliseconds UTC
    resolved_at BIGINT,                             -- when it was settled, milliseconds UTC
    PRIMARY KEY (tenant_id, exception_id)
);
CREATE INDEX exceptions_by_created ON exceptions (tenant_id, created_at, exception_id);
CREATE INDEX exceptions_open ON exceptions (tenant_id, code) WHERE resolved_at IS NULL;
