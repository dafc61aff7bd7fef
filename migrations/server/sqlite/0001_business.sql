-- Businesses, their outlets and terminals, and the people who work and administrate there.

CREATE TABLE server_meta (
    key TEXT NOT NULL PRIMARY KEY,                  -- what is stated, such as server_epoch
    value TEXT NOT NULL                             -- the statement
);

CREATE TABLE tenants (
    tenant_id TEXT NOT NULL PRIMARY KEY,            -- the business, UUIDv7
    name TEXT NOT NULL,                             -- its name as shown
    change_seq BIGINT NOT NULL DEFAULT 0,           -- number of the last change in its feed, taken under this row's lock
    created_at BIGINT NOT NULL                      -- when it was made, milliseconds UTC
);

CREATE TABLE outlets (
    tenant_id TEXT NOT NULL,                        -- the business
    outlet_id TEXT NOT NULL,                        -- the outlet, UUIDv7
    code TEXT NOT NULL,                             -- begins its receipt numbers
    name TEXT NOT NULL,                             -- the name on the receipt
    currency TEXT NOT NULL,                         -- ISO 4217 code
    body TEXT NOT NULL,                             -- JSON of the outlet as terminals get it
    created_at BIGINT NOT NULL,                     -- when it was made, milliseconds UTC
    updated_at BIGINT NOT NULL,                     -- when it was last changed, milliseconds UTC
    PRIMARY KEY (tenant_id, outlet_id),
    CONSTRAINT outlets_code_key UNIQUE (tenant_id, code),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);

CREATE TABLE terminals (
    tenant_id TEXT NOT NULL,                        -- the business
    terminal_id TEXT NOT NULL,                      -- the terminal, UUIDv7
    outlet_id TEXT NOT NULL,                        -- where it stands
    number BIGINT NOT NULL,                         -- its number in the outlet, as in OUT-T3-000123
    name TEXT NOT NULL,                             -- what the device is called
    public_key TEXT,                                -- Ed25519 key in hexadecimal; NULL until it is enrolled
    epoch BIGINT NOT NULL DEFAULT 1,                -- the newest life of its journal known here
    revoked BIGINT NOT NULL DEFAULT 0,              -- 1: may hand in its journal, gets no more data
    created_at BIGINT NOT NULL,                     -- when it was made, milliseconds UTC
    enrolled_at BIGINT,                             -- when its device was last enrolled, milliseconds UTC
    last_seen_at BIGINT,                            -- when it last pushed or pulled, milliseconds UTC
    PRIMARY KEY (tenant_id, terminal_id),
    CONSTRAINT terminals_number_key UNIQUE (tenant_id, outlet_id, number),
    FOREIGN KEY (tenant_id, outlet_id) REFERENCES outlets (tenant_id, outlet_id)
);

CREATE TABLE pairing_codes (
    tenant_id TEXT NOT NULL,                        -- the business
    code_hash TEXT NOT NULL,                        -- keyed hash of the one-time code, hexadecimal
    terminal_id TEXT NOT NULL,                      -- the terminal it enrols
    outlet_id TEXT NOT NULL,                        -- the outlet of that terminal
    created_at BIGINT NOT NULL,                     -- when it was made, milliseconds UTC
    expires_at BIGINT NOT NULL,                     -- when it stops working, milliseconds UTC
    used_at BIGINT,                                 -- when it was used, milliseconds UTC; NULL while it works
    PRIMARY KEY (tenant_id, code_hash),
    FOREIGN KEY (tenant_id, terminal_id) REFERENCES terminals (tenant_id, terminal_id)
);
CREATE INDEX pairing_codes_by_hash ON pairing_codes (code_hash);

CREATE TABLE staff (
    tenant_id TEXT NOT NULL,                        -- the business
    staff_id TEXT NOT NULL,                         -- the person, UUIDv7
    name TEXT NOT NULL,                             -- the name on the sign-in screen
    role TEXT NOT NULL,                             -- kitchen, cashier, manager, admin or owner
    active BIGINT NOT NULL,                         -- 1: may sign in
    body TEXT NOT NULL,                             -- JSON of the person as terminals get it, PIN hash in it
    created_at BIGINT NOT NULL,                     -- when the row was made, milliseconds UTC
    updated_at BIGINT NOT NULL,                     -- when it was last changed, milliseconds UTC
    PRIMARY KEY (tenant_id, staff_id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);

CREATE TABLE admins (
    tenant_id TEXT NOT NULL,                        -- the business
    admin_id TEXT NOT NULL,                         -- the person, UUIDv7
    email TEXT NOT NULL,                            -- the sign-in name, lower case
    name TEXT NOT NULL,                             -- as shown
    role TEXT NOT NULL,                             -- manager, admin or owner
    outlet_ids TEXT NOT NULL,                       -- JSON list of outlets they may see; empty is all
    password_hash TEXT NOT NULL,                    -- Argon2id PHC string
    active BIGINT NOT NULL,                         -- 1: may sign in
    created_at BIGINT NOT NULL,                     -- when the row was made, milliseconds UTC
    PRIMARY KEY (tenant_id, admin_id),
    CONSTRAINT admins_email_key UNIQUE (tenant_id, email),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
CREATE INDEX admins_by_email ON admins (email);

CREATE TABLE refresh_tokens (
    tenant_id TEXT NOT NULL,                        -- the business
    token_hash TEXT NOT NULL,                       -- SHA-256 of the token, hexadecimal
    admin_id TEXT NOT NULL,                         -- whose it is
    family_id TEXT NOT NULL,                        -- all tokens that follow from one sign-in
    device TEXT NOT NULL,                           -- the device it is bound to
    successor_hash TEXT,                            -- the token that replaced it; NULL while it is the newest
    created_at BIGINT NOT NULL,                     -- when it was given out, milliseconds UTC
    expires_at BIGINT NOT NULL,                     -- when it stops working, milliseconds UTC
    used_at BIGINT,                                 -- when it was first exchanged, milliseconds UTC
    revoked_at BIGINT,                              -- when its family was revoked, milliseconds UTC
    PRIMARY KEY (tenant_id, token_hash),
    FOREIGN KEY (tenant_id, admin_id) REFERENCES admins (tenant_id, admin_id)
);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (tenant_id, family_id);
