-- Edits made here that the server has not worked through yet: they are laid over what the feed brings until it has.
CREATE TABLE pending_edits (
    entity TEXT NOT NULL,         -- the kind of row as in the feed, such as `item`
    row_id TEXT NOT NULL,         -- the row
    field TEXT NOT NULL,          -- its field, such as `name`
    value TEXT NOT NULL,          -- what was written here, as JSON
    beneath TEXT NOT NULL,        -- what the server last said of it, as JSON
    journal_key INTEGER NOT NULL, -- the event that carries it
    PRIMARY KEY (entity, row_id, field)
) WITHOUT ROWID;
