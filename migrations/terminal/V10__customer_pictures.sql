-- Pictures that the customer's screen shows between two sales.
CREATE TABLE customer_pictures (
    picture_id TEXT NOT NULL PRIMARY KEY, -- the picture
    position INTEGER,                     -- its place in the row; NULL waits to be saved, and is not shown
    media_type TEXT NOT NULL,             -- image/jpeg or image/png
    bytes BLOB NOT NULL                   -- its file
);
