-- A run of everything test_decoding can print, for the recordings beside this file.
-- Recorded by record.sh from PostgreSQL 15.18; tabs, carriage returns, control characters and
-- spaces before a newline are in nasty.sql, because psql's aligned output does not keep them.

-- Every built-in type, once with a value, once null, once at its limits.
create table public.types (
    id serial primary key,
    i2 smallint, i4 integer, i8 bigint, o oid, f4 real, f8 double precision, n numeric, m money,
    t text, vc varchar(20), c char(5), nm name, one "char", b boolean, by bytea,
    d date, tm time, tmz timetz, ts timestamp, tz timestamptz, iv interval, u uuid,
    j json, jb jsonb, x xml, bi bit(4), vb bit varying(8),
    pt point, ln line, sg lseg, bx box, pa path, pl polygon, ci circle,
    cd cidr, ip inet, ma macaddr, m8 macaddr8,
    tv tsvector, tq tsquery, ls pg_lsn, tx txid_snapshot,
    r4 int4range, r8 int8range, rn numrange, rt tsrange, rz tstzrange, rd daterange, mr int4multirange,
    ai integer[], at text[], aa integer[][], aj jsonb[], ab bytea[], ac "char"[], an numeric[],
    rc regclass, ro regrole
);
insert into types values (default,
    -32768, 2147483647, -9223372036854775808, 4294967295, 1.5, 0.1, 12345678901234567890.123456789, 12.34,
    'text', 'vary', 'ch', 'name', 'c', true, '\x00ff10',
    '2024-02-29', '12:34:56.789', '12:34:56+02', '2026-01-01 00:00:00.123456', '2026-01-01 00:00:00+00',
    '1 year 2 mons 3 days 04:05:06.7', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
    '{"a": [1, 2, {"b": "it''s"}]}', '{"a": 1.50, "q": "say \"hi\""}', '<a b="c">d</a>', B'0101', B'1',
    '(1,2)', '{1,-1,0}', '[(0,0),(1,1)]', '(1,1),(0,0)', '[(0,0),(1,1)]', '((0,0),(1,1))', '<(0,0),1>',
    '10.0.0.0/8', '192.168.0.1', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05',
    'a fat cat', 'fat & cat', '16/B374D848', '10:20:10,14,15',
    '[1,10)', '(,5]', '[1.5,2.5]', '[2026-01-01,2026-01-02)', '[2026-01-01 00:00+00,)', 'empty', '{[1,3),[5,7)}',
    '{1,NULL,3}', array['plain', 'with "quote"', 'com,ma', null, 'null', 'it''s', E'back\\slash', ''], '{{1,2},{3,4}}',
    array['{"k": "v"}']::jsonb[], array['\x00ff']::bytea[], '{a,b}', '{NaN,1.0,-0.5}', 'types', 'postgres');
insert into types default values;
insert into types (f4, f8, n, b, d, ts, tz, iv) values
    ('NaN', '-Infinity', 'NaN', false, 'infinity', '-infinity', '0001-01-01 00:00:00+00 BC', '-1 year'),
    (1e30, 1e-300, 'Infinity', true, '4713-01-01 BC', '294276-12-31 23:59:59.999999', '1900-01-01 00:00:00+00', '0'),
    ('Infinity', 1e40, '-Infinity', null, null, null, null, null),
    ('-0', '-0', 1e20, null, null, null, null, null);

-- Text that looks like something else.
create table looks (id integer primary key, note text, other text);
insert into looks values
    (1, 'null', null), (2, 'unchanged-toast-datum', 'x'), (3, '', null), (4, ' ', ' '),
    (5, E'two\nlines', E'\n'), (6, E'x\nCOMMIT 529\nBEGIN 530', E'table public.looks: DELETE: id[integer]:1'),
    (7, 'it''s ''quoted''', ''''), (8, '''''', ''''''''), (9, ' new-tuple: id[integer]:1', ' old-key: '),
    (10, 'back\slash \n \\', '\'), (11, '"double"', '"'), (12, E'"\n''\n"', 'ends in +'),
    (13, E'ends in +\n+\n+', 'a | b | c'), (14, E'grüße 日本語 🐘', E'日本\n語'), (15, E'\n\n\n', E'x\n'),
    (16, E'0/16B3748 | 529 | BEGIN 529\n(1 row)\n', '(1 row)'), (17, '(no-tuple-data)', ''), (18, 'B''0101''', '[text]:');
update looks set note = E'new\nnote', other = null where id = 5;
update looks set id = 100, note = note where id = 6;
update looks set note = null, other = null where id = 7;
delete from looks where id in (1, 2);

-- Names that need quotes.
create schema "Odd ""schema"".x: y";
create type "Odd ""schema"".x: y"."Odd ]Type" as enum ('a', 'B c', 'it''s');
create domain "Odd ""schema"".x: y"."dom[]ain" as integer check (value > 0);
create type pair as (a integer, "b c" text);
create table "Odd ""schema"".x: y"."INSERT: id[integer]:1" (
    "id" integer primary key, "Col ""name"":x" text, "new
line" text, "a.b" integer, "[x]" integer[], "it's" text, " new-tuple:" text, "select" text, "ümläut" text,
    "e]" "Odd ""schema"".x: y"."Odd ]Type", "es" "Odd ""schema"".x: y"."Odd ]Type"[],
    "dom" "Odd ""schema"".x: y"."dom[]ain", "pair" pair, "pairs" pair[]
);
insert into "Odd ""schema"".x: y"."INSERT: id[integer]:1"
    values (1, 'c', E'n\nl', 2, '{3}', 's', 'n', 'sel', 'ü', 'it''s', '{a,"B c"}', 5, '(1,"x y")', '{"(1,\"x y\")"}');
update "Odd ""schema"".x: y"."INSERT: id[integer]:1" set id = 2, "it's" = null;
delete from "Odd ""schema"".x: y"."INSERT: id[integer]:1";
create table "table
two" ("a" integer primary key);
insert into "table
two" values (1);

-- TOAST: values left out of an update, in the middle and at the end.
create table big (id integer primary key, a text, n integer, z text);
alter table big alter a set storage external, alter z set storage external, set (toast_tuple_target = 128);
insert into big values (1, repeat('a', 1100), 1, repeat('it''s ', 220));
update big set n = 2;
update big set n = null;
update big set id = 2;
update big set a = 'short';
delete from big;

-- Replica identities.
create table ri_full (id integer primary key, a text, b text);
alter table ri_full replica identity full;
insert into ri_full values (1, 'a', null);
update ri_full set a = 'b';
update ri_full set b = 'x';
delete from ri_full;
create table ri_nothing (id integer primary key, a text);
alter table ri_nothing replica identity nothing;
insert into ri_nothing values (1, 'a');
update ri_nothing set a = 'b', id = 2;
delete from ri_nothing;
create table ri_index (id integer primary key, k integer not null unique, k2 text not null, a text);
create unique index ri_index_k on ri_index (k, k2);
alter table ri_index replica identity using index ri_index_k;
insert into ri_index values (1, 10, 'x', 'a');
update ri_index set a = 'b';
update ri_index set k = 11;
delete from ri_index;
create table no_key (a integer, b text);
insert into no_key values (1, 'x'), (null, null);
update no_key set b = 'y' where a = 1;
delete from no_key;
alter table no_key replica identity full;
insert into no_key values (null, null);
update no_key set b = null;
delete from no_key;
create table nothing_at_all ();
insert into nothing_at_all default values;

-- Truncate.
create table tr_a (id serial primary key);
create table tr_b (id integer references tr_a);
create table "Tr, ""c"": x" (id integer);
truncate tr_b;
truncate tr_a, tr_b, "Tr, ""c"": x";
truncate tr_a restart identity cascade;
truncate tr_b restart identity;
truncate tr_a cascade;

-- Messages.
begin;
select pg_logical_emit_message(true, 'p', 'hello');
insert into looks values (50, 'between messages', null);
select pg_logical_emit_message(true, 'lode.context', '{"actor": "it''s me"}');
select pg_logical_emit_message(true, '', '');
commit;
select pg_logical_emit_message(false, 'alone', 'outside');
select pg_logical_emit_message(false, 'odd, sz: 3 content:abc', E'BEGIN 1\nCOMMIT 1\n''"');
select pg_logical_emit_message(false, E'two\nlines: ''"', E'\n');
select pg_logical_emit_message(false, 'umlaut', 'grüße 日本語');

-- Partitions: leaves are named.
create table parted (id integer, day date, note text, primary key (id, day)) partition by range (day);
create table parted_2025 partition of parted for values from ('2025-01-01') to ('2026-01-01');
create table parted_2026 partition of parted for values from ('2026-01-01') to ('2027-01-01');
insert into parted values (1, '2025-06-01', 'old'), (2, '2026-06-01', 'new');
update parted set note = 'same place' where id = 1;
update parted set day = '2026-07-01' where id = 1;
truncate parted;

-- Generated and dropped columns, a column added later.
create table shape (id integer primary key, a integer, gone text, twice integer generated always as (a * 2) stored,
    always integer generated always as identity);
insert into shape (id, a, gone) values (1, 21, 'x');
alter table shape drop column gone;
insert into shape (id, a) values (2, 5);
alter table shape add column later text default 'l';
update shape set a = 6 where id = 2;
update shape set later = null where id = 1;
delete from shape;

-- Subtransactions, one rolled back; a transaction rolled back; a prepared one.
begin;
insert into looks values (60, 'kept', null);
savepoint s;
insert into looks values (61, 'not kept', null);
rollback to s;
savepoint s2;
insert into looks values (62, 'kept too', null);
commit;
begin;
insert into looks values (63, 'never', null);
rollback;
begin;
insert into looks values (64, 'prepared', null);
prepare transaction 'it''s a \ gid
BEGIN 1';
insert into looks values (65, 'between', null);
commit prepared 'it''s a \ gid
BEGIN 1';
begin;
insert into looks values (66, 'prepared in vain', null);
prepare transaction 'vain';
rollback prepared 'vain';
