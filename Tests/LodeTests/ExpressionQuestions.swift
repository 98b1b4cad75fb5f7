/// Expressions that people write, over one row of every type (``TypedColumns``).
enum ExpressionQuestions {
    /// The row's values by column; those not named are null.
    static let values: [String: String] = [
        "small": "7", "count": "42", "big": "9007199254740993", "total": "59.90", "ratio": "0.1", "weight": "2.5",
        "active": "true", "status": "NEW", "note": "it's 5 o'clock", "name": "Ann Example", "raw": "\\xdeadbeef",
        "token": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "due": "2024-02-29", "sent": "2024-02-29 12:34:56.789",
        "placed": "2024-02-29 23:30:00+00", "opens": "09:30:00", "span": "P1M2DT3H",
        "details": "{\"a\": {\"b\": [1, 2.50, \"x\", null]}, \"ok\": true, \"name\": \"Ann\"}", "extra": "{\"a\":1, \"a\":2}",
        "tags": "{a,b,NULL,\"c d\"}", "counts": "{1,2,3}",
    ]

    static let all = numbers + texts + patterns + moments + json + arrays + casts + logic + precedence

    private static let numbers = [
        "1 + 2", "7 / 2", "-7 / 2", "-7 % 3", "7 % -3", "7.0 / 2", "1 / 3.0", "10 / 4.0::real", "0.1 + 0.2",
        "0.1::float8 + 0.2::float8", "count * total", "count / 5", "count / 5.0", "big + 1", "big * 1000000",
        "2147483647 + 1", "2147483647::bigint + 1", "32767::smallint + 1::smallint", "small + small", "- count", "- -count",
        "-count - -5", "2 ^ 3", "2 ^ 3 ^ 2", "-2 ^ 2", "weight ^ 2", "power(2, 10)", "power(2::float8, -1)", "0::float8 ^ -1",
        "(-8)::float8 ^ 0.5::float8", "1 / 0", "1.0 / 0", "1::float8 / 0", "total % 0", "round(2.5)", "round(-2.5)",
        "round(weight)", "round(3.5::float8)", "round(total, 1)", "round(59.95, 1)", "round(1234.5, -2)", "trunc(-59.99)",
        "trunc(59.999, 2)", "ceil(total)", "ceiling(-1.5)", "floor(-1.5)", "abs(-5)", "abs(-5.50)", "abs(ratio)", "sign(-3)",
        "sign(total)", "sqrt(2)", "sqrt(2.0)", "sqrt(-1)", "mod(17, 5)", "div(17, 5)", "div(-17.5, 5)", "mod(total, 7)",
        "greatest(1, 2.5, count)", "least(total, 5)", "to_char(total, '999.99')", "to_char(total, 'FM999990.000')",
        "to_char(count, '0000')", "to_char(-count, 'S9,999')", "to_char(weight, '9.99EEEE')", "1e3", "1.50", ".5 + 5.",
        "count::numeric / 8", "ratio + weight", "ratio * 3", "ratio::float8", "total * ratio", "count + ratio", "small * big",
        "9223372036854775807 + 1", "-9223372036854775808", "1e400::float8", "'NaN'::numeric + 1", "'Infinity'::float8 - 'Infinity'::float8",
        "total between 50 and 60", "count in (1, 42.0)", "count = 42.5", "ratio = 0.1", "ratio = 0.1::real",
        "big > 9007199254740992.5", "1 < 2.5 and 2.5 < 3", "nullif(count, 42)", "nullif(1, 2.2)", "nullif(total, 5)",
    ]

    private static let texts = [
        "status || '-' || count", "'a' || null", "status || total", "count || status", "active || 'x'", "'x' || due",
        "'x' || sent || placed", "'x' || tags", "'x' || details", "1 || 2", "concat(status, null, count, active)", "concat()",
        "concat_ws(', ', status, null, 'x', 5)", "concat_ws(null, 'a', 'b')", "lower(status)", "upper('straße')", "initcap('hello wORLD')",
        "length(note)", "char_length('äö')", "octet_length('äö')", "length(raw)", "substring(note, 1, 4)", "substring(note from 3)",
        "substring(note from 1 for 2)", "substring(note for 2)", "substr(note, -1, 4)", "substring(note, 1, -1)", "left(note, -2)",
        "right(status, 2)", "trim('  x ')", "trim(both 'x' from 'xxaxx')", "trim(leading from '  x ')", "trim('xy' from 'xayx')",
        "trim(trailing 'k' from note)", "btrim('xxaxx', 'x')", "ltrim('  a')", "rtrim('a  ')", "replace(note, '''', '')",
        "split_part('a,b,c', ',', 2)", "split_part('a,b,c', ',', -1)", "split_part('a', ',', 0)", "position('5' in note)",
        "strpos(note, 'zz')", "reverse('äbc')", "repeat('ab', 3)", "lpad('5', 3, '0')", "rpad(status, 5)", "lpad(status, 2)",
        "translate('12345', '143', 'ax')", "starts_with(status, 'N')", "status ^@ 'N'", "ascii('ä')", "chr(228)", "chr(0)",
        "md5(status)", "quote_literal(note)", "quote_literal(count)", "quote_ident('Order')", "quote_ident('order')", "quote_ident('id')",
        "overlay('Txxxxas' placing 'hom' from 2 for 4)", "overlay('abc' placing 'X' from 2)", "'it''s'", "status = 'NEW'",
        "status < 'new'", "note > status", "name || '!'", "upper(name)", "name = 'Ann Example'", "status || name", "token || ''",
        "greatest('a', 'B', status)", "coalesce(null, note)", "coalesce(nullif(status, 'NEW'), 'none')", "lower(5)", "status + 1",
    ]

    private static let patterns = [
        "status like 'N%'", "status like 'n%'", "status ilike 'n_w'", "status not like '%X%'", "'50%' like '50\\%'", "'a_b' like 'a#_b' escape '#'",
        "'a' like 'a' escape 'xx'", "'a' like null", "note ~ '\\d'", "note ~ '^it''s'", "status ~* 'new'", "status !~ 'x'",
        "status !~* 'NEW'", "'a(' ~ 'a('", "substring(note from '\\d+')", "substring('foobar' from 'o(.)b')",
        "regexp_replace('foobar', 'o', 'X')", "regexp_replace('foobar', 'o', 'X', 'g')", "regexp_replace('Thomas', '.[mN]a.', 'M')",
        "regexp_replace('foobar', '(o+)b', '[\\1]')", "regexp_replace('ABC', 'b', 'x', 'i')", "regexp_replace('ABC', 'b', 'x', 'z')",
        "regexp_match('foobarbeque', '(bar)(beque)')", "regexp_match('a', 'b')", "(regexp_match(note, '\\d'))[1]",
        "regexp_like('Hello', 'h', 'i')", "status like 'N%' and note like '%o''%'", "not status like 'x'", "status || 'x' like 'NEWx'",
    ]

    private static let moments = [
        "due + 1", "due - 1", "1 + due", "due - '2024-01-01'", "due - due", "due + interval '1 day'", "due + '1 day'::interval",
        "due + time '10:00'", "due + opens", "sent + '1 day'", "placed + interval '1 month'", "sent - interval '36 hours'",
        "date '2024-01-31' + interval '1 month'", "timestamp '2024-03-31' - interval '1 month'", "placed - sent", "sent - sent",
        "sent - '2024-01-01'", "opens + interval '20 hours'", "opens - time '10:00'", "span * 2", "span / 2", "2.5 * span", "-span",
        "span + span", "span > interval '1 month'", "interval '1 day' = interval '24 hours'", "age(timestamp '2024-02-29', timestamp '2000-03-15')",
        "age(placed, sent)", "extract(year from due)", "extract(epoch from placed)", "extract(second from sent)", "extract(dow from due)",
        "extract(day from span)", "extract(hour from due)", "date_part('month', sent)", "date_part('hour', due)", "date_trunc('month', sent)",
        "date_trunc('day', placed)", "date_trunc('week', due)", "date_trunc('day', placed, 'UTC')", "date_trunc('hour', span)",
        "to_char(sent, 'YYYY-MM-DD HH24:MI')", "to_char(due, 'DD Mon YYYY')", "to_char(placed, 'Day')", "to_char(span, 'DD HH24')",
        "to_date('29.02.2024', 'DD.MM.YYYY')", "to_timestamp('2024-02-29 1:02', 'YYYY-MM-DD HH24:MI')", "to_timestamp(1709210096.789)",
        "make_date(2024, 2, 29)", "make_date(2023, 2, 29)", "make_time(9, 30, 1.5)", "make_timestamp(2024, 2, 29, 12, 0, 0.5)",
        "justify_hours(interval '50 hours')", "justify_days(interval '45 days')", "justify_interval(interval '1 mon -1 hour')",
        "sent at time zone 'UTC'", "placed at time zone 'UTC'", "sent at time zone interval '2 hours'", "due = sent", "due < sent",
        "placed >= due", "sent::date = due", "placed::date", "sent::time", "opens::interval", "span::time", "due::timestamptz",
        "'P1D'::interval", "interval '1-2'", "interval '1 year 2 months'", "date 'epoch'", "timestamptz '2024-02-29 12:00+05:30'",
        "isfinite(due)", "isfinite('infinity'::date)", "date(sent)", "sent between due and due + 1", "opens < '10:00'", "due in ('2024-02-29')",
        "sent::timestamp(0)", "timestamp '2024-02-29 12:34:56.7' + interval '300 ms'", "extract(fortnight from due)", "due + '1'", "due || ''",
    ]

    private static let json = [
        "details -> 'a'", "details -> 'a' -> 'b' -> 1", "details -> 'a' -> 'b' -> -2", "details ->> 'name'", "details -> 'a' ->> 'b'",
        "details #> '{a,b,1}'", "details #>> '{a,b,2}'", "details #>> '{a,b,3}'", "details ->> 'missing'", "details ? 'ok'", "details ?| array['x','ok']",
        "details ?& '{a,x}'", "details @> '{\"ok\": true}'", "'{\"ok\": true}' <@ details", "details - 'a'", "details - '{a,ok}'::text[]",
        "details -> 'a' -> 'b' - 0", "details #- '{a,b,0}'", "details || '{\"z\": 1}'", "details || jsonb '[1]'", "(details -> 'ok')::boolean",
        "(details -> 'a' -> 'b' -> 1)::numeric", "(details #> '{a,b,1}')::int", "(details -> 'a')::int", "details['name']", "details['a']['b'][0]",
        "jsonb_typeof(details)", "jsonb_typeof(details -> 'ok')", "jsonb_array_length(details #> '{a,b}')", "jsonb_array_length(details)",
        "jsonb_extract_path_text(details, 'a', 'b', '2')", "extra -> 'a'", "extra ->> 'a'", "extra::jsonb", "json_typeof(extra)",
        "to_jsonb(count)", "to_jsonb(status)", "to_jsonb(tags)", "jsonb_build_object('a', count, 'b', status)", "jsonb_build_array(1, 'x', null)",
        "details = details", "details <> '{}'", "'[1, 2.0]'::jsonb = '[1.0,2]'", "details::text", "'{\"b\":1, \"a\":  2}'::jsonb", "'{x}'::jsonb",
        "details -> 'a' = '{\"b\": [1, 2.5, \"x\", null]}'", "details ->> 'name' = 'Ann'", "(details ->> 'ok')::boolean and active", "extra @> '1'",
        "to_json(note)", "jsonb '\"x\"' ->> 0", "'[1,2]'::jsonb ->> 0", "json '\"x\"' -> 0",
    ]

    private static let arrays = [
        "tags[1]", "tags[3]", "tags[9]", "counts[2] + 1", "array_length(tags, 1)", "array_length(tags, 2)", "array_length('{}'::text[], 1)",
        "cardinality(tags)", "array_position(tags, 'b')", "array_position(tags, null)", "array_position(counts, 3)", "array_to_string(tags, ',')",
        "array_to_string(tags, ',', '*')", "string_to_array('a,b,,c', ',')", "string_to_array('a,b', ',', 'b')", "string_to_array('ab', null)",
        "tags || 'x'::text", "tags || array['x','y']", "'x'::text || tags", "tags || '{x}'", "tags || 'x'", "counts || 4", "0 || counts", "tags @> array['a']",
        "tags @> '{a,b}'", "tags && array['z','b']", "array['a'] <@ tags", "counts @> '{2}'", "array_append(counts, 5)", "array_prepend(0, counts)",
        "array_cat(counts, counts)", "array_upper(counts, 1)", "array_lower('[0:1]={1,2}'::int[], 1)", "'b' = any (tags)", "'z' = any (tags)",
        "2 = any (counts)", "5 <> all (counts)", "count > all (counts)", "status = any ('{NEW,OPEN}')", "2.0 = any (counts)", "array[1, 2.5, 3]",
        "array['a', null, 'NULL', 'x y']", "array[true, false]", "array[due]", "array[1, 'x']", "tags = tags", "counts < array[1,2,4]", "counts = '{1,2,3}'",
        "'{1.0}'::numeric[] = '{1}'::numeric[]", "counts is distinct from null", "array[1] || null", "null || array[1]", "counts @> tags",
        "array_ndims('{{1},{2}}'::int[])", "array_dims(tags)",
    ]

    private static let casts = [
        "'42'::int", "' 42 '::int", "'4x'::int", "42::text", "42.5::int", "43.5::int", "2.5::float8::int", "3.5::float8::int", "'1e3'::numeric",
        "1e10::int", "70000::smallint", "total::int", "total::text", "total::numeric(5,1)", "total::numeric(3,2)", "'1.005'::numeric(10,2)",
        "active::int", "active::text", "0::boolean", "'yes'::boolean", "5::bigint::boolean", "ratio::text", "ratio::numeric", "weight::numeric",
        "0.1::float8::numeric", "status::varchar(2)", "'abc'::char(2)", "note::varchar", "token::text", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid",
        "raw::text", "due::text", "due::timestamp", "sent::text", "placed::text", "placed::timestamp", "span::text", "opens::text", "'2024-02-29'::date",
        "'2023-02-29'::date", "tags::text", "counts::text[]", "'{1,2}'::int[]", "'{1,x}'::int[]", "counts::numeric[]", "array['1','2']::int[]",
        "cast(total as text)", "cast('5' as numeric)", "numeric '5.0'", "date '2024-02-29'", "timestamptz '2024-02-29 12:00:00+02'",
        "status::int", "due::int", "active::numeric", "details::int", "'5'::smallint + 1", "count::smallint", "big::int", "99999999999::int",
        "'NaN'::float8::int", "'Infinity'::numeric::int", "total::real", "total::float8", "small::numeric", "'t'::text::boolean", "null::int + 1",
        "count::double precision", "count::decimal(8, 3)", "'x'::citext = 'X'",
    ]

    private static let logic = [
        "active and status = 'NEW'", "active or null", "null and false", "null or true", "not null", "null = null", "null is null",
        "null is not distinct from null", "count is distinct from null", "active is true", "(null::boolean) is unknown", "not active is false",
        "count is null or count > 5", "case when active then 'a' else 'b' end", "case status when 'NEW' then 1 when 'OPEN' then 2.5 end",
        "case when count > 100 then 'big' when count > 10 then 'medium' end", "case when false then 1 / 0 else 2 end", "coalesce(null, null, count)",
        "coalesce(null, 'x')", "coalesce(count, total)", "coalesce(1, 'x')", "greatest(null, 5, 3)", "least(null, null)", "nullif(status, 'OPEN')",
        "count not in (1, null)", "count in (42, null)", "count between 50 and 10", "count between symmetric 50 and 10", "count not between 1 and 2",
        "true = (count = 42)", "active = true", "active > false", "case when null then 1 end", "case count when 42 then status end",
    ]

    private static let precedence = [
        "1 + 2 * 3", "(1 + 2) * 3", "2 * 3 % 4", "10 - 2 - 3", "2 ^ -1", "- 2 * 3", "1 + 2 = 3", "not 1 = 2", "not active and false", "true or true and false",
        "1 < 2 = true", "1 + 1 || 'x'", "'x' || 1 + 1", "details -> 'a' ->> 'b' || 'x'", "1 = 1 is true", "2 > 1 is not null", "count - 2 in (40)",
        "-count::text", "-'5'::int", "1 between 0 and 2 and true", "status || 'x' in ('NEWx')", "not status like 'N%' or false", "counts[1] + counts[2] * 2",
        "count::text || 'x'", "1 - -1", "5 % 3 * 2", "(array[1,2])[1]", "2 + 3::text", "total::int + 1", "'a' || 'b' = 'ab'", "'a' like 'a' || '%'",
        "count * -1", "count % 5 = 2 and count / 2 > 20",
    ]
}
