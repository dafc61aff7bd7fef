-- Pictures that the customer's screen shows between two sales.
CREATE TABLE customer_pictures (
    picture_id TEXT NOT NULL PRIMARY KEY, -- the picture
    position INTEGER NOT NULL,            -- its place in the row
    media_type TEXT NOT NULL,             -- image/jpeg or image/png
    bytes BLOB NOT NULL                   -- its file
);
