-- Every key that a terminal ever signed with: what it signed is checked by the key of its time.

CREATE TABLE terminal_keys (
    tenant_id TEXT NOT NULL,                        -- the business
    terminal_id TEXT NOT NULL,                      -- the terminal
    public_key TEXT NOT NULL,                       -- Ed25519 key in hexadecimal
    since_epoch BIGINT,                             -- the first life of the journal it was enrolled for; NULL is not known
    enrolled_at BIGINT NOT NULL,                    -- when, milliseconds UTC
    PRIMARY KEY (tenant_id, terminal_id, public_key),
    FOREIGN KEY (tenant_id, terminal_id) REFERENCES terminals (tenant_id, terminal_id)
);

INSERT INTO terminal_keys (tenant_id, terminal_id, public_key, since_epoch, enrolled_at)
SELECT tenant_id, terminal_id, public_key, NULL, COALESCE(enrolled_at, created_at)
FROM terminals WHERE public_key IS NOT NULL;
