-- What is sold, and the change feed that carries it down to the terminals.

CREATE TABLE categories (
    tenant_id TEXT NOT NULL,                        -- the business
    category_id TEXT NOT NULL,                      -- the shelf, UUIDv7
    name TEXT NOT NULL,                             -- its name
    position BIGINT NOT NULL,                       -- its place in the row
    color TEXT NOT NULL,                            -- #rrggbb
    updated_at BIGINT NOT NULL,                     -- when it was last changed, milliseconds UTC
    PRIMARY KEY (tenant_id, category_id),
    CONSTRAINT categories_name UNIQUE (tenant_id, name),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);

CREATE TABLE items (
    tenant_id TEXT NOT NULL,                        -- the business
    item_id TEXT NOT NULL,                          -- the item, UUIDv7
    sku TEXT NOT NULL,                              -- the business's code
    name TEXT NOT NULL,                             -- the name on screen and receipt
    category_id TEXT,                               -- its shelf
    search TEXT NOT NULL,                           -- name and code in lower case
    body TEXT NOT NULL,                             -- JSON of the item as terminals get it
    version BIGINT NOT NULL,                        -- grows with every change, from 1
    created_at BIGINT NOT NULL,                     -- when it was made, milliseconds UTC
    updated_at BIGINT NOT NULL,                     -- when it was last changed, milliseconds UTC
    deleted_at BIGINT,                              -- when it was taken out of the catalogue, milliseconds UTC
    PRIMARY KEY (tenant_id, item_id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
CREATE UNIQUE INDEX items_sku ON items (tenant_id, sku) WHERE deleted_at IS NULL;
CREATE INDEX items_by_name ON items (tenant_id, name, item_id);

CREATE TABLE item_barcodes (
    tenant_id TEXT NOT NULL,                        -- the business
    barcode TEXT NOT NULL,                          -- the printed code
    item_id TEXT NOT NULL,                          -- the item it names
    PRIMARY KEY (tenant_id, barcode),
    FOREIGN KEY (tenant_id, item_id) REFERENCES items (tenant_id, item_id) ON DELETE CASCADE
);
CREATE INDEX item_barcodes_by_item ON item_barcodes (tenant_id, item_id);

CREATE TABLE pictures (
    tenant_id TEXT NOT NULL,                        -- the business
    picture_id TEXT NOT NULL,                       -- the picture, UUIDv7
    media_type TEXT NOT NULL,                       -- image/svg+xml, image/png or image/webp
    bytes BLOB NOT NULL,                            -- the file
    updated_at BIGINT NOT NULL,                     -- when it was last changed, milliseconds UTC
    PRIMARY KEY (tenant_id, picture_id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);

CREATE TABLE feed_rows (
    tenant_id TEXT NOT NULL,                        -- the business
    entity TEXT NOT NULL,                           -- the kind of row
    row_id TEXT NOT NULL,                           -- the row
    outlet_id TEXT,                                 -- the only outlet that gets it; NULL is all
    change_seq BIGINT NOT NULL,                     -- number of its last change, in commit order of the business
    body TEXT,                                      -- JSON of its present state; NULL is a tombstone
    PRIMARY KEY (tenant_id, entity, row_id)
);
CREATE UNIQUE INDEX feed_rows_by_change ON feed_rows (tenant_id, change_seq);
