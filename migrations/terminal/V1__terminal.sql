-- The store of one terminal. Ids are UUIDv7 as text, times are milliseconds UTC, money is in minor units of the currency
-- that stands beside it, quantities are thousandths, booleans are 0 or 1, JSON is text.

-- Small single values: who this terminal is, where its feed stands, its settings.
CREATE TABLE meta (
    key TEXT PRIMARY KEY NOT NULL, -- the name, such as `identity` or `feed_cursor`
    value TEXT NOT NULL            -- the value; JSON where it is more than one
) WITHOUT ROWID;

-- The journal: every fact of this terminal, chained and signed. It is the outbox too: what the server has not acknowledged.
CREATE TABLE journal (
    journal_key INTEGER PRIMARY KEY,                                           -- epoch × 2^40 + seq
    epoch INTEGER GENERATED ALWAYS AS (journal_key >> 40) VIRTUAL,             -- the life of the journal, from 1
    seq INTEGER GENERATED ALWAYS AS (journal_key & 1099511627775) VIRTUAL,     -- the place in that life, gapless from 1
    kind TEXT NOT NULL,                                                        -- such as `order.completed`
    subject TEXT NOT NULL,                                                     -- what it is about, such as a receipt number
    occurred_at INTEGER NOT NULL,                                              -- when
    prev_hash BLOB NOT NULL,                                                   -- SHA-256 of the event before it, zeros for the first
    hash BLOB NOT NULL,                                                        -- SHA-256 over prev_hash and event
    signature BLOB NOT NULL,                                                   -- Ed25519 over hash
    event BLOB NOT NULL                                                        -- the canonical bytes (RFC 8785), UTF-8
);

-- How far the server holds the journal, by epoch.
CREATE TABLE journal_acks (
    epoch INTEGER PRIMARY KEY,   -- the life of the journal
    acked_seq INTEGER NOT NULL,  -- all events up to here are durable at the server
    acked_hash BLOB,             -- the hash of that event as the server said it; NULL when there is none
    acked_at INTEGER NOT NULL    -- when the server said so
);

-- The outlet, from the feed.
CREATE TABLE outlets (
    outlet_id TEXT PRIMARY KEY NOT NULL, -- the outlet
    body TEXT NOT NULL,                  -- the outlet as JSON
    change_seq INTEGER NOT NULL,         -- the number of its last change in the feed
    generation INTEGER NOT NULL          -- the reading of the whole feed that last saw it
) WITHOUT ROWID;

-- The people who may sign in here, from the feed.
CREATE TABLE staff (
    staff_id TEXT PRIMARY KEY NOT NULL, -- the person
    name TEXT NOT NULL,                 -- their name
    active INTEGER NOT NULL,            -- whether they may sign in
    body TEXT NOT NULL,                 -- the person as JSON, with the hash of the PIN
    change_seq INTEGER NOT NULL,        -- the number of the last change in the feed
    generation INTEGER NOT NULL         -- the reading of the whole feed that last saw it
) WITHOUT ROWID;

-- Wrong PINs, kept apart from staff so that a change from the feed never opens a lock.
CREATE TABLE pin_attempts (
    staff_id TEXT PRIMARY KEY NOT NULL, -- the person
    failures INTEGER NOT NULL,          -- wrong PINs since the last right one
    last_failed_at INTEGER NOT NULL,    -- when the last wrong one was
    locked_until INTEGER NOT NULL       -- no PIN is tried before
) WITHOUT ROWID;

-- Who is or was signed in at which window.
CREATE TABLE staff_sessions (
    staff_session_id TEXT PRIMARY KEY NOT NULL, -- the session
    client TEXT NOT NULL,                       -- the window or browser
    staff_id TEXT NOT NULL,                     -- the person
    signed_in_at INTEGER NOT NULL,              -- since when
    signed_out_at INTEGER                       -- until when; NULL is now
) WITHOUT ROWID;
CREATE UNIQUE INDEX staff_sessions_open ON staff_sessions (client) WHERE signed_out_at IS NULL;

-- Shelves, from the feed.
CREATE TABLE categories (
    category_id TEXT PRIMARY KEY NOT NULL, -- the category
    position INTEGER NOT NULL,             -- the place in the row of categories
    name TEXT NOT NULL,                    -- its name
    body TEXT NOT NULL,                    -- the category as JSON
    change_seq INTEGER NOT NULL,           -- the number of its last change in the feed
    generation INTEGER NOT NULL            -- the reading of the whole feed that last saw it
) WITHOUT ROWID;

-- What is sold, from the feed.
CREATE TABLE items (
    item_no INTEGER PRIMARY KEY,    -- a number of this store only, for the search
    item_id TEXT NOT NULL,          -- the item
    category_id TEXT,               -- its shelf
    position INTEGER NOT NULL,      -- the place on its shelf
    folded_name TEXT NOT NULL,      -- the name in lower case without diacritics, to search and sort by
    body TEXT NOT NULL,             -- the item as JSON
    change_seq INTEGER NOT NULL,    -- the number of its last change in the feed
    generation INTEGER NOT NULL     -- the reading of the whole feed that last saw it
);
CREATE UNIQUE INDEX items_by_id ON items (item_id);
CREATE INDEX items_on_shelf ON items (category_id, position, folded_name);
CREATE INDEX items_by_name ON items (folded_name);

-- Codes by which an item or a variant is found: printed ones and the business's own.
CREATE TABLE item_codes (
    code TEXT NOT NULL COLLATE NOCASE, -- the code
    item_no INTEGER NOT NULL,          -- the item's number in this store
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

-- Pictures of items, from the feed; apart from items because they change seldom and are large.
CREATE TABLE pictures (
    picture_id TEXT PRIMARY KEY NOT NULL, -- the picture
    media_type TEXT NOT NULL,             -- such as `image/svg+xml`
    base64 TEXT NOT NULL,                 -- the file as base64, as the screens take it
    change_seq INTEGER NOT NULL,          -- the number of its last change in the feed
    generation INTEGER NOT NULL           -- the reading of the whole feed that last saw it
);

-- What the server wants a person here to see, from the feed.
CREATE TABLE notices (
    notice_id TEXT PRIMARY KEY NOT NULL, -- the row's id in the feed
    body TEXT NOT NULL,                  -- the notice as JSON
    change_seq INTEGER NOT NULL,         -- the number of its last change in the feed
    generation INTEGER NOT NULL          -- the reading of the whole feed that last saw it
) WITHOUT ROWID;

-- Rows of kinds that this build does not know, and rows it could not read: kept as they came, for a newer build.
CREATE TABLE feed_unknown (
    entity TEXT NOT NULL,        -- the kind
    row_id TEXT NOT NULL,        -- the row's id
    body TEXT NOT NULL,          -- the row as JSON
    reason TEXT NOT NULL,        -- why it is here
    change_seq INTEGER NOT NULL, -- the number of its last change in the feed
    generation INTEGER NOT NULL, -- the reading of the whole feed that last saw it
    PRIMARY KEY (entity, row_id)
) WITHOUT ROWID;

-- Carts and what became of them.
CREATE TABLE carts (
    cart_id TEXT PRIMARY KEY NOT NULL, -- the cart
    state TEXT NOT NULL,               -- `open`, `held`, `completed` or `voided`
    client TEXT NOT NULL,              -- the window that has or had it
    staff_id TEXT NOT NULL,            -- by whom
    staff_name TEXT NOT NULL,          -- their name at the time
    label TEXT,                        -- what a held cart is called
    held_at INTEGER,                   -- since when it is held
    held_total INTEGER,                -- what was due when it was held
    held_currency TEXT,                -- the currency of that
    held_item_count INTEGER,           -- pieces in it when it was held
    created_at INTEGER NOT NULL,       -- when it was begun
    last_line_id TEXT,                 -- the line that was added or changed last
    order_id TEXT,                     -- the order it became
    drawer_session_id TEXT             -- the drawer session in which it was voided
) WITHOUT ROWID;
CREATE UNIQUE INDEX carts_open ON carts (client) WHERE state = 'open';
CREATE INDEX carts_held ON carts (held_at) WHERE state = 'held';
CREATE INDEX carts_voided ON carts (drawer_session_id) WHERE state = 'voided';

-- The document of each open or held cart, in the pieces in which it grew; swept once the cart is settled.
CREATE TABLE cart_changes (
    change_no INTEGER PRIMARY KEY, -- the order of the pieces
    cart_id TEXT NOT NULL,         -- the cart
    bytes BLOB NOT NULL            -- the piece
);
CREATE INDEX cart_changes_of_cart ON cart_changes (cart_id);

-- Completed sales. The whole order is the payload of its event in the journal; here stands what lists and reports read.
CREATE TABLE orders (
    receipt_counter INTEGER PRIMARY KEY, -- the number in the terminal's gapless row of receipts, refunds among them
    order_id TEXT NOT NULL,              -- the order
    journal_key INTEGER NOT NULL,        -- its event
    receipt_number TEXT NOT NULL,        -- as printed
    drawer_session_id TEXT NOT NULL,     -- the drawer session
    occurred_at INTEGER NOT NULL,        -- when
    staff_name TEXT NOT NULL,            -- by whom
    item_count INTEGER NOT NULL,         -- pieces in it
    currency TEXT NOT NULL,              -- the currency of the figures
    total INTEGER NOT NULL,              -- what was due before cash rounding
    discount_total INTEGER NOT NULL,     -- all discounts
    service_charge INTEGER NOT NULL,     -- the service charge
    cash_rounding INTEGER NOT NULL,      -- rounding of the cash part
    taxes TEXT NOT NULL,                 -- the taxes as JSON
    tenders TEXT NOT NULL,               -- (kind, what it settled in minor units) as JSON
    folded_names TEXT NOT NULL,          -- the names of what was sold in lower case without diacritics, to search
    print_job_id TEXT                    -- the last print of it
);
CREATE UNIQUE INDEX orders_by_id ON orders (order_id);

-- Money given back. The whole refund is the payload of its event in the journal.
CREATE TABLE refunds (
    receipt_counter INTEGER PRIMARY KEY, -- the number in the terminal's gapless row of receipts, orders among them
    refund_id TEXT NOT NULL,             -- the refund
    order_id TEXT,                       -- the order; NULL without a receipt
    journal_key INTEGER NOT NULL,        -- its event
    receipt_number TEXT NOT NULL,        -- as printed
    drawer_session_id TEXT NOT NULL,     -- the drawer session
    occurred_at INTEGER NOT NULL,        -- when
    currency TEXT NOT NULL,              -- the currency of the figures
    total INTEGER NOT NULL,              -- the sum of its lines
    tax_total INTEGER NOT NULL,          -- the taxes in it
    cash_rounding INTEGER NOT NULL,      -- rounding of what was given back in cash
    tender TEXT NOT NULL,                -- by which means
    amount INTEGER NOT NULL,             -- what was given back
    print_job_id TEXT                    -- the last print of it
);
CREATE UNIQUE INDEX refunds_by_id ON refunds (refund_id);
CREATE INDEX refunds_of_order ON refunds (order_id) WHERE order_id IS NOT NULL;

-- Units given back of each line of an order.
CREATE TABLE refund_lines (
    receipt_counter INTEGER NOT NULL REFERENCES refunds (receipt_counter), -- the refund
    line_id TEXT NOT NULL,                                                 -- the line of the order
    order_id TEXT,                                                         -- the order; NULL without a receipt
    quantity INTEGER NOT NULL,                                             -- how many
    amount INTEGER NOT NULL,                                               -- the money for them
    PRIMARY KEY (receipt_counter, line_id)
) WITHOUT ROWID;
CREATE INDEX refund_lines_of_order ON refund_lines (order_id, line_id) WHERE order_id IS NOT NULL;

-- Drawers from opening float to count.
CREATE TABLE drawer_sessions (
    drawer_session_id TEXT PRIMARY KEY NOT NULL, -- the drawer session
    state TEXT NOT NULL,                         -- `open` or `closed`
    opened TEXT NOT NULL,                        -- the opening as JSON
    first_receipt INTEGER NOT NULL,              -- the first receipt that can belong to it
    z_number INTEGER,                            -- gapless per terminal, once closed
    closed TEXT,                                 -- figures and count as JSON, once closed
    closed_at INTEGER,                           -- when it was closed
    print_job_id TEXT                            -- the last print of its Z report
) WITHOUT ROWID;
CREATE UNIQUE INDEX drawer_sessions_open ON drawer_sessions (state) WHERE state = 'open';
CREATE UNIQUE INDEX drawer_sessions_z ON drawer_sessions (z_number) WHERE z_number IS NOT NULL;

-- Drawer cash that is no sale.
CREATE TABLE cash_movements (
    cash_movement_id TEXT PRIMARY KEY NOT NULL, -- the movement
    drawer_session_id TEXT NOT NULL,            -- the drawer session
    kind TEXT NOT NULL,                         -- `paid_in`, `paid_out`, `pickup` or `loan`
    amount INTEGER NOT NULL,                    -- how much, above zero
    currency TEXT NOT NULL,                     -- its currency
    occurred_at INTEGER NOT NULL                -- when
) WITHOUT ROWID;
CREATE INDEX cash_movements_of_session ON cash_movements (drawer_session_id);

-- Goods that moved here: the level shown is the server's less what it has not heard of yet.
CREATE TABLE stock_movements (
    movement_no INTEGER PRIMARY KEY, -- the order of the movements
    journal_key INTEGER NOT NULL,    -- the event that moved them
    reason TEXT NOT NULL,            -- `sold`, `returned`, `received`, `counted`, `wasted` or `transferred`
    item_id TEXT NOT NULL,           -- what moved
    variant_id TEXT,                 -- its variant
    quantity INTEGER NOT NULL,       -- how many; below zero left the shelf
    stock_movement_id TEXT           -- the movement that a person made; NULL for sales and refunds
);
CREATE INDEX stock_movements_by_hand ON stock_movements (stock_movement_id) WHERE stock_movement_id IS NOT NULL;

-- What waits to be printed, and what became of it.
CREATE TABLE print_jobs (
    job_no INTEGER PRIMARY KEY,             -- the order of the jobs; ids of one millisecond have none
    print_job_id TEXT NOT NULL,             -- the job
    kind TEXT NOT NULL,                     -- `order`, `refund`, `x`, `z`, `stock` or `test`
    subject_id TEXT,                        -- the order, refund or drawer session
    body TEXT,                              -- what is printed, as JSON, when it is stored nowhere else
    title TEXT NOT NULL,                    -- what a person calls it, such as a receipt number
    copy INTEGER NOT NULL,                  -- 1 is marked COPY
    open_drawer INTEGER NOT NULL,           -- 1 opens the drawer
    state TEXT NOT NULL,                    -- `waiting`, `printing`, `printed`, `unknown`, `expired` or `dropped`
    attempts INTEGER NOT NULL,              -- attempts so far
    error TEXT,                             -- why the last attempt failed, a closed word
    created_at INTEGER NOT NULL,            -- when it was queued
    not_before INTEGER NOT NULL,            -- not tried again before
    updated_at INTEGER NOT NULL             -- when it last changed
);
CREATE UNIQUE INDEX print_jobs_by_id ON print_jobs (print_job_id);
CREATE INDEX print_jobs_pending ON print_jobs (job_no) WHERE state IN ('waiting', 'printing', 'unknown');
