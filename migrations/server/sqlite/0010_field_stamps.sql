-- When each field of a row was last edited, so that the last writer stands and a late edit undoes nothing newer.

CREATE TABLE field_stamps (
    tenant_id TEXT NOT NULL,                        -- the business
    entity TEXT NOT NULL,                           -- the kind of row as in the feed: item or category
    row_id TEXT NOT NULL,                           -- the row
    field TEXT NOT NULL,                            -- the field, such as name
    stamp TEXT NOT NULL,                            -- when and by whom: milliseconds UTC, counter (hexadecimal), terminal or server
    PRIMARY KEY (tenant_id, entity, row_id, field)
);

ALTER TABLE tenants ADD COLUMN stamp TEXT;          -- the server's own last stamp, taken under this row's lock

-- Of rows that were changed before, it is not known which field: all of them count as written then.
INSERT INTO field_stamps
SELECT i.tenant_id, 'item', i.item_id, f.field, printf('%012x-00000000-server', i.updated_at)
FROM items i CROSS JOIN (SELECT 'name' AS field UNION ALL SELECT 'available' UNION ALL SELECT 'category_id'
    UNION ALL SELECT 'position' UNION ALL SELECT 'picture_id' UNION ALL SELECT 'unit_price') f
WHERE i.updated_at > i.created_at;
INSERT INTO field_stamps
SELECT c.tenant_id, 'category', c.category_id, f.field, printf('%012x-00000000-server', c.updated_at)
FROM categories c CROSS JOIN (SELECT 'name' AS field UNION ALL SELECT 'position' UNION ALL SELECT 'color') f
WHERE c.updated_at > c.created_at;
UPDATE tenants SET stamp = (SELECT MAX(s.stamp) FROM field_stamps s WHERE s.tenant_id = tenants.tenant_id);
