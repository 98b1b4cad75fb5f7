-- A message whose content is no text: pg_recvlogical keeps all bytes, COPY all up to a zero byte, and
-- psql's tables leave out what is not valid in the encoding.
select pg_logical_emit_message(false, 'before', 'x');
select pg_logical_emit_message(false, 'high', '\x01ff27220a00fe'::bytea);
select pg_logical_emit_message(false, 'after', 'x');
