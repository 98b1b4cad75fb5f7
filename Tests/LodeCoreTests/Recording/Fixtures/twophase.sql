-- A slot that decodes prepared transactions when they are prepared.
create table two (id integer primary key);
begin;
insert into two values (1);
prepare transaction 'plain';
insert into two values (2);
commit prepared 'plain';
begin;
insert into two values (3);
prepare transaction 'it''s a \ gid
COMMIT 1';
rollback prepared 'it''s a \ gid
COMMIT 1';
