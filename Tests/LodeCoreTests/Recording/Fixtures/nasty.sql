-- What psql's aligned output cannot keep: tabs, carriage returns, control characters, spaces before
-- a newline. The other ways of recording keep them. (Bytes that are no text are in bytes.sql.)
create table nasty (id integer primary key, note text, other text);
insert into nasty values
    (1, E'a\tb', E'\t'), (2, E'a\rb\r\nc', E'\r'), (3, E'\x01\x7f\x1b[31m', E'\x08\x0c\x0b'),
    (4, E'trailing  \nspaces   \n ', '   '), (5, E'a\\tb', E'\\r \\x01 \\N'), (6, E'\\N', '\.'),
    (7, E'\\.\n\\.', E'+\n   +\n+   \n'), (8, E'\u00a0\u0085\u200b', E'e\u0301');
select pg_logical_emit_message(false, 'tab', E'a\tb');
select pg_logical_emit_message(false, 'lines', E'a  \nb');
