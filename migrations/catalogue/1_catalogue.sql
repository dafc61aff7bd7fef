-- The catalogue of one outlet as its terminals keep it: all that the change feed brings, in a file of its own beside the
-- terminal's books. The server makes the same file ready-made; what is in it can be fetched again at any time. Ids are
-- UUIDv7 as text, times are milliseconds UTC, booleans are 0 or 1, JSON is text.

-- Where the reading of the feed stands.
CREATE TABLE feed_state (
    key TEXT PRIMARY KEY NOT NULL, -- `cursor`, `generation`, `resetting` or `loaded`
    value TEXT NOT NULL            -- the value
) WITHOUT ROWID;

-- Every row that the feed brought, whatever its kind.
CREATE TABLE feed_rows (
    entity TEXT NOT NULL,        -- the kind
    row_id TEXT NOT NULL,        -- the row
    change_seq INTEGER NOT NULL, -- the number of its last change in the feed
    generation INTEGER NOT NULL, -- the reading of the whole feed that last saw it
    digest BLOB NOT NULL,        -- of what the feed said, 16 bytes
    PRIMARY KEY (entity, row_id)
) WITHOUT ROWID;

-- What there is of each kind, to compare with what the server says there should be.
CREATE TABLE feed_sums (
    entity TEXT PRIMARY KEY NOT NULL, -- the kind
    row_count INTEGER NOT NULL,       -- how many rows
    sum BLOB NOT NULL                 -- the sum of their digests modulo 2^128, 16 bytes, big end first
) WITHOUT ROWID;

-- The outlet.
CREATE TABLE outlets (
    outlet_id TEXT PRIMARY KEY NOT NULL, -- the outlet
    body TEXT NOT NULL                   -- the outlet as JSON
) WITHOUT ROWID;

-- The people who may sign in here.
CREATE TABLE staff (
    staff_id TEXT PRIMARY KEY NOT NULL, -- the person
    name TEXT NOT NULL,                 -- their name
    active INTEGER NOT NULL,            -- whether they may sign in
    body TEXT NOT NULL                  -- the person as JSON, with the hash of the PIN
) WITHOUT ROWID;

-- Shelves.
CREATE TABLE categories (
    category_id TEXT PRIMARY KEY NOT NULL, -- the category
    position INTEGER NOT NULL,             -- the place in the row of categories
    name TEXT NOT NULL,                    -- its name
    body TEXT NOT NULL                     -- the category as JSON
) WITHOUT ROWID;

-- What is sold.
CREATE TABLE items (
    item_no INTEGER PRIMARY KEY,    -- a number of this file only, for the search
    item_id TEXT NOT NULL,          -- the item
    category_id TEXT,               -- its shelf
    position INTEGER NOT NULL,      -- the place on its shelf
    folded_name TEXT NOT NULL,      -- the name in lower case without diacritics, to search and sort by
    body TEXT NOT NULL              -- the item as JSON
);
CREATE UNIQUE INDEX items_by_id ON items (item_id);
CREATE INDEX items_on_shelf ON items (category_id, position, folded_name);
CREATE INDEX items_by_name ON items (folded_name);

-- Codes by which an item or a variant is found: printed ones and the business's own.
CREATE TABLE item_codes (
    code TEXT NOT NULL COLLATE NOCASE, -- the code
    item_no INTEGER NOT NULL,          -- the item's number in this file
    variant_id TEXT NOT NULL,          -- the variant; empty is the item itself
    printed INTEGER NOT NULL,          -- 1 is a barcode, 0 the business's own code
    PRIMARY KEY (code, item_no, variant_id, printed)
) WITHOUT ROWID;
CREATE INDEX item_codes_of_item ON item_codes (item_no);

-- Words of the names, without diacritics, found by how they begin.
CREATE VIRTUAL TABLE item_words USING fts5 (
    folded_name, -- the folded name
    content = '', contentless_delete = 1, detail = none, prefix = '1 2 3',
    tokenize = 'unicode61 remove_diacritics 2'
);

-- Pictures of items; apart from items because they change seldom and are large.
CREATE TABLE pictures (
    picture_id TEXT PRIMARY KEY NOT NULL, -- the picture
    media_type TEXT NOT NULL,             -- such as `image/svg+xml`
    base64 TEXT NOT NULL                  -- the file as base64, as the screens take it
);

-- What the server wants a person here to see.
CREATE TABLE notices (
    notice_id TEXT PRIMARY KEY NOT NULL, -- the row's id in the feed
    body TEXT NOT NULL,                  -- the notice as JSON
    change_seq INTEGER NOT NULL          -- the number of its last change in the feed
) WITHOUT ROWID;

-- Rows of kinds that this build does not know, and rows it could not read: kept as they came, for a newer build.
CREATE TABLE feed_unknown (
    entity TEXT NOT NULL,        -- the kind
    row_id TEXT NOT NULL,        -- the row's id
    body TEXT NOT NULL,          -- the row as JSON
    reason TEXT NOT NULL,        -- why it is here
    PRIMARY KEY (entity, row_id)
) WITHOUT ROWID;
