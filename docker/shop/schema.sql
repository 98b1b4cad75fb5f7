-- A small shop. Its services write to these tables as they always did; none of them knows of Lode.

-- The role that Lode reads with. It needs no right on any table: LOGIN and REPLICATION are enough.
-- The password is for playing; a real one belongs in a password file.
CREATE ROLE lode LOGIN REPLICATION PASSWORD 'lode';

CREATE TABLE customers (
    id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name  text NOT NULL,
    email text
);

CREATE TABLE orders (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers,
    status      text NOT NULL DEFAULT 'NEW'
                CHECK (status IN ('NEW', 'PAID', 'SHIPPED', 'CANCELLED')),
    total       numeric(12,2) NOT NULL,
    note        text,
    placed_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE order_lines (
    order_id bigint NOT NULL REFERENCES orders ON DELETE CASCADE,
    line     integer NOT NULL,
    sku      text NOT NULL,
    quantity integer NOT NULL,
    price    numeric(12,2) NOT NULL,
    PRIMARY KEY (order_id, line)
);

CREATE TABLE payments (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES orders ON DELETE CASCADE,
    amount   numeric(12,2) NOT NULL,
    status   text NOT NULL CHECK (status IN ('TAKEN', 'REFUSED', 'EXPIRED'))
);

-- The log carries the old values of an update or delete only when the table asks for it.
-- The mapping speaks of old.status, old.note and old.email, so these two tables ask.
ALTER TABLE customers REPLICA IDENTITY FULL;
ALTER TABLE orders REPLICA IDENTITY FULL;
