-- The price books of the outlet: the version in force and the one that follows it, so that a price changes at its moment
-- without a network.
CREATE TABLE price_books (
    row_id TEXT PRIMARY KEY NOT NULL, -- the row's id in the feed: outlet and version
    outlet_id TEXT NOT NULL,          -- the outlet
    version INTEGER NOT NULL,         -- counted up by the server with every version
    valid_from INTEGER NOT NULL,      -- in force from this moment on
    valid_until INTEGER,              -- in force up to this moment; NULL is until another one begins
    body TEXT NOT NULL                -- the book as JSON
) WITHOUT ROWID;
CREATE INDEX price_books_by_moment ON price_books (outlet_id, valid_from, version);

-- Those that a build without this table kept aside.
INSERT INTO price_books
    SELECT row_id, json_extract(body, '$.outlet_ids[0]'), json_extract(body, '$.version'),
        COALESCE(json_extract(body, '$.valid_from'), 0), json_extract(body, '$.valid_until'), body
    FROM feed_unknown
    WHERE entity = 'price_book' AND json_extract(body, '$.outlet_ids[0]') IS NOT NULL
        AND json_extract(body, '$.version') IS NOT NULL;
DELETE FROM feed_unknown WHERE entity = 'price_book' AND row_id IN (SELECT row_id FROM price_books);
