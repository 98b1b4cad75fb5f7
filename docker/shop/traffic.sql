-- A little life in the shop, for psql. Run it as often as you like:
--
--     psql -f docker/shop/traffic.sql
--
-- An `event:` comment says which event must come of the statement below it. docker/demo counts on them.
\set QUIET on
\set ON_ERROR_STOP on
\encoding UTF8
\if :{?pause}
\else
    \set pause 0.7
\endif

\echo 'Ada registers.'
-- event: CustomerRegistered
INSERT INTO customers (name, email) VALUES ('Ada', 'ada@example.com') RETURNING id AS ada \gset
SELECT pg_sleep(:pause) \g /dev/null

\echo 'She orders two things: three rows in one transaction, one event, and it exists because the transaction committed.'
BEGIN;
-- event: OrderPlaced
INSERT INTO orders (customer_id, total) VALUES (:ada, 59.90) RETURNING id AS first \gset
INSERT INTO order_lines VALUES (:first, 1, 'teapot', 1, 39.90), (:first, 2, 'cup', 4, 5.00);
COMMIT;
SELECT pg_sleep(:pause) \g /dev/null

\echo 'Another order is rolled back. It never happened, so nobody hears of it.'
BEGIN;
INSERT INTO orders (customer_id, total) VALUES (:ada, 1000000.00);
ROLLBACK;
SELECT pg_sleep(:pause) \g /dev/null

\echo 'Her first payment is refused, the second is taken and the order is paid.'
-- event: PaymentRefused
INSERT INTO payments (order_id, amount, status) VALUES (:first, 59.90, 'REFUSED');
BEGIN;
INSERT INTO payments (order_id, amount, status) VALUES (:first, 59.90, 'TAKEN');
-- event: OrderPaid
UPDATE orders SET status = 'PAID' WHERE id = :first;
COMMIT;
SELECT pg_sleep(:pause) \g /dev/null

\echo 'She asks for gift wrapping, in two languages and with a quote in it.'
-- event: OrderNoteChanged
UPDATE orders SET note = 'it''s a gift, bitte als Geschenk verpacken; как подарок' WHERE id = :first;
SELECT pg_sleep(:pause) \g /dev/null

\echo 'A clerk saves the order without changing it. A row was written, but nothing happened: no event.'
UPDATE orders SET status = status WHERE id = :first;
SELECT pg_sleep(:pause) \g /dev/null

\echo 'The order is shipped.'
-- event: OrderShipped
UPDATE orders SET status = 'SHIPPED' WHERE id = :first;
SELECT pg_sleep(:pause) \g /dev/null

\echo 'Two more orders are cancelled: one service says so in a column, the other deletes the row. One event means both.'
-- event: OrderPlaced
INSERT INTO orders (customer_id, total) VALUES (:ada, 12.50) RETURNING id AS second \gset
-- event: OrderPlaced
INSERT INTO orders (customer_id, total) VALUES (:ada, 7.25) RETURNING id AS third \gset
-- event: OrderCancelled
UPDATE orders SET status = 'CANCELLED' WHERE id = :second;
-- event: OrderCancelled
DELETE FROM orders WHERE id = :third;
SELECT pg_sleep(:pause) \g /dev/null

\echo 'Ada has a new address.'
-- event: CustomerEmailChanged
UPDATE customers SET email = 'ada@lovelace.example' WHERE id = :ada;
