-- Sums over the rows of the change feed, by which a terminal proves that it holds what the server holds.

ALTER TABLE feed_rows ADD COLUMN digest BLOB;       -- of kind, row, number and body, 16 bytes; NULL of a tombstone
CREATE INDEX feed_rows_undigested ON feed_rows (tenant_id) WHERE body IS NOT NULL AND digest IS NULL;

CREATE TABLE feed_sums (
    tenant_id TEXT NOT NULL,                        -- the business
    outlet_id TEXT NOT NULL,                        -- the only outlet that gets the rows; empty is all
    entity TEXT NOT NULL,                           -- their kind
    row_count BIGINT NOT NULL,                      -- how many there are
    sum BLOB NOT NULL,                              -- the sum of their digests modulo 2^128, 16 bytes, big end first
    PRIMARY KEY (tenant_id, outlet_id, entity)
);
