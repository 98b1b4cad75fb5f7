/// What expressions of each type are made of; `{T}` is the type asked for, other braces are types or `words`.
enum TypedTemplates {
    static let types = byType.keys.sorted()

    static let words: [String: [String]] = [
        "n": ["0", "1", "2", "3", "-1", "-2", "5"],
        "scale": ["0", "1", "2", "-1", "3", "6"],
        "order": ["=", "<>", "<", "<=", ">", ">=", "is distinct from", "is not distinct from", "!="],
        "equality": ["=", "<>", "is distinct from", "is not distinct from"],
        "key": ["'a'", "'b'", "'c'", "''", "0", "1", "-1", "2"],
        "name": ["'a'", "'b'", "'c'", "'x'"],
        "path": [
            "'{a}'", "'{a,b}'", "'{a,b,1}'", "'{0}'", "'{1,a}'", "'{}'", "'{-1}'", "'{a,NULL}'", "array['a','b']",
        ],
        "pattern": ["'a%'", "'%b%'", "'_'", "'%'", "''", "'a\\%%'", "'%X_'", "note", "'NEW'", "'%é%'"],
        "regex": [
            "'a'", "'^a'", "'b$'", "'[a-z]+'", "'(a|b)c?'", "'.'", "'^$'", "'\\d+'", "'x*'", "'a('", "note",
            "'(\\w)(\\w)'",
        ],
        "replacement": ["''", "'<\\&>'", "'\\1-'", "'z'", "note"],
        "flags": ["'g'", "'i'", "'gi'", "''", "'n'", "'y'"],
        "numberformat": [
            "'999.99'", "'FM999990.00'", "'0000'", "'S99'", "'9.9.9'", "'MI9,999'", "'FM9'", "'9.99EEEE'", "'x'",
            "'999PR'",
        ],
        "momentformat": [
            "'YYYY-MM-DD'", "'YYYY-MM-DD HH24:MI:SS.US'", "'DD.MM.YY'", "'Day, DD Mon YYYY'", "'FMMonth FMDDth'",
            "'IYYY-IW-ID'",
            "'HH12:MI AM'", "'Q J DDD'", "'\"T\"HH24'", "'BC Y,YYY'",
        ],
        "field": [
            "'year'", "'month'", "'day'", "'hour'", "'minute'", "'second'", "'epoch'", "'dow'", "'isodow'", "'doy'",
            "'week'",
            "'quarter'", "'isoyear'", "'century'", "'decade'", "'millennium'", "'milliseconds'", "'microseconds'",
            "'julian'",
            "'fortnight'", "'timezone'",
        ],
        "unit": [
            "'year'", "'month'", "'day'", "'hour'", "'minute'", "'second'", "'week'", "'quarter'", "'decade'",
            "'century'",
            "'millennium'", "'milliseconds'", "'x'",
        ],
        "side": ["both", "leading", "trailing"],
        "number": ["small", "count", "big", "total", "ratio", "weight", "3", "2.5", "-7", "0"],
        "step": ["'1 day'", "'1 month'", "'-2 hours'", "'1 year 3 days'", "'00:00:01.5'"],
        "any": [
            "small", "count", "total", "weight", "ratio", "active", "status", "name", "due", "sent", "placed", "opens",
            "span",
            "details", "tags", "counts", "token", "raw", "'x'", "5", "null::text",
        ],
        "castable": [
            "small", "count", "big", "total", "ratio", "weight", "status", "details", "active", "due", "sent", "placed",
        ],
    ]

    static let ofAnyType = [
        "case when {boolean} then {T} else {T} end", "case when {boolean} then {T} when {boolean} then {T} end",
        "case {integer} when {n} then {T} else {T} end", "coalesce({T}, {T})", "coalesce({T}, {T}, {T})", "{T}",
    ]

    private static let orderedTypes = [
        "smallint", "integer", "bigint", "numeric", "real", "double precision", "text", "date", "timestamp",
        "timestamptz",
        "time", "interval", "boolean", "uuid", "bytea", "text[]", "integer[]", "numeric[]",
    ]

    private static let extremes = ["greatest({T}, {T})", "least({T}, {T}, {T})", "nullif({T}, {T})"]

    private static let comparisons: [String] = orderedTypes.flatMap { type in
        ["{\(type)} {order} {\(type)}", "{\(type)} {order} {\(type)}", "{\(type)} in ({\(type)}, {\(type)})"]
            + ["{\(type)} between {\(type)} and {\(type)}", "{\(type)} is null", "{\(type)} not in ({\(type)}, null)"]
    }

    private static let arithmetic = ["+", "-", "*", "/"].map { "{T} \($0) {T}" } + ["-{T}", "+{T}", "abs({T})"]

    private static func casts(_ type: String) -> [String] { Array(repeating: "{castable}::\(type)", count: 3) }

    static let byType: [String: [String]] = [
        "boolean": comparisons + [
            "{boolean} and {boolean}", "{boolean} or {boolean}", "not {boolean}", "{boolean} is true",
            "{boolean} is not false",
            "{boolean} is unknown", "{boolean} and {boolean} or {boolean}", "not {boolean} and {boolean}",
            "{number} {order} {number}", "{number} + {number} {order} {number}", "due {order} sent",
            "{timestamp} {order} {date}", "{timestamptz} > {date}", "{time} < {interval}", "status like {pattern}",
            "{text} like {pattern}", "{text} not like {pattern}", "{text} ilike {pattern}",
            "{text} like {pattern} escape '#'",
            "{text} ~ {regex}", "{text} ~* {regex}", "{text} !~ {regex}", "{text} !~* {regex}",
            "starts_with({text}, {text})",
            "{text} ^@ {text}", "regexp_like({text}, {regex})", "regexp_like({text}, {regex}, {flags})",
            "{jsonb} ? {name}", "{jsonb} ?| {text[]}", "{jsonb} ?& {text[]}", "{jsonb} @> {jsonb}",
            "{jsonb} <@ {jsonb}",
            "{jsonb} {equality} {jsonb}", "{text[]} @> {text[]}", "{integer[]} <@ {integer[]}", "{text[]} && {text[]}",
            "{numeric[]} && {numeric[]}", "{text} = any ({text[]})", "{integer} <> all ({integer[]})",
            "{numeric} = any ({numeric[]})", "{integer} < any ({integer[]})", "{text} >= all ({text[]})",
            "isfinite({date})",
            "isfinite({timestamp})", "{jsonb}::boolean", "{integer}::boolean", "{text}::boolean",
            "{numeric} = any ({integer[]})",
            "{number} in ({number}, {number})", "{number} between {number} and {number}",
            "{number} between symmetric {n} and {n}",
        ],
        "smallint": arithmetic + extremes + casts("smallint") + [
            "{smallint} % {smallint}", "mod({smallint}, {smallint})",
        ],
        "integer": arithmetic + extremes + casts("integer") + [
            "{integer} % {integer}", "mod({integer}, {integer})", "{smallint} + {integer}", "{integer} * {smallint}",
            "length({text})", "char_length({text})", "octet_length({text})", "length({bytea})",
            "strpos({text}, {text})",
            "position({text} in {text})", "ascii({text})", "{date} - {date}", "array_length({text[]}, {n})",
            "array_upper({integer[]}, {n})", "array_lower({integer[]}, {n})", "cardinality({integer[]})",
            "array_ndims({integer[]})",
            "array_position({text[]}, {text})", "array_position({integer[]}, {integer})", "({integer[]})[{n}]",
            "jsonb_array_length({jsonb})", "json_array_length({json})",
        ],
        "bigint": arithmetic + extremes + casts("bigint") + [
            "{bigint} % {integer}", "{integer} + {bigint}", "{bigint} - {smallint}", "{bigint} / {integer}",
        ],
        "numeric": arithmetic + extremes + casts("numeric") + casts("numeric(6,2)") + casts("numeric(3)") + [
            "{numeric} % {numeric}", "mod({numeric}, {numeric})", "div({numeric}, {numeric})", "ceil({numeric})",
            "ceiling({numeric})", "floor({numeric})", "round({numeric})", "round({numeric}, {scale})",
            "trunc({numeric}::numeric)",
            "trunc({numeric}, {scale})", "sign({numeric})", "sqrt({numeric})", "{numeric} + {integer}",
            "{bigint} * {numeric}",
            "({numeric[]})[{n}]", "extract({field} from {timestamp})", "extract({field} from {timestamptz})",
            "extract({field} from {date})", "extract({field} from {interval})", "extract({field} from {time})",
            "extract(year from {timestamptz})",
        ],
        "real": arithmetic + extremes + casts("real"),
        "double precision": arithmetic + extremes + casts("double precision") + [
            "ceil({double precision})", "floor({double precision})", "round({double precision})",
            "trunc({double precision}::float8)",
            "sign({double precision})", "sqrt({double precision})", "{real} + {double precision}",
            "{double precision} * {real}",
            "{integer} + {double precision}", "{numeric} / {double precision}", "{real} - {numeric}",
            "round({integer})",
            "ceil({real})", "{n} ^ {n}", "power({double precision}, {n})", "date_part({field}, {timestamp})",
            "date_part({field}, {interval})", "date_part({field}, {date})", "{integer} * {real}",
        ],
        "text": extremes + [
            "{text} || {text}", "{text} || {any}", "{any} || {text}", "concat({any}, {any}, {text})", "concat({any})",
            "concat_ws({text}, {any}, {any})", "lower({text})", "upper({text})", "initcap({text})",
            "substring({text}, {n})",
            "substr({text}, {n}, {n})", "substring({text} from {n} for {n})", "substring({text} for {n})",
            "substring({text} from {regex})", "left({text}, {n})", "right({text}, {n})", "trim({text})",
            "trim({side} from {text})", "trim({side} {text} from {text})", "btrim({text}, {text})", "ltrim({text})",
            "rtrim({text}, {text})", "replace({text}, {text}, {text})", "split_part({text}, {text}, {n})",
            "reverse({text})",
            "repeat({text}, {n})", "lpad({text}, {n}, {text})", "rpad({text}, 9)", "translate({text}, {text}, {text})",
            "chr({integer})", "md5({text})", "md5({bytea})", "quote_literal({text})", "quote_ident({text})",
            "array_to_string({text[]}, {text})", "array_to_string({integer[]}, ',', '*')", "({text[]})[{n}]",
            "regexp_replace({text}, {regex}, {replacement})", "regexp_replace({text}, {regex}, {replacement}, {flags})",
            "to_char({number}, {numberformat})", "to_char({timestamp}, {momentformat})",
            "to_char({timestamptz}, {momentformat})",
            "to_char({date}, {momentformat})", "to_char({interval}, 'HH24:MI:SS')", "{jsonb} ->> {key}",
            "{json} ->> {key}",
            "{jsonb} #>> {path}", "{json} #>> {path}", "jsonb_typeof({jsonb})", "json_typeof({json})",
            "jsonb_extract_path_text({jsonb}, {name}, {name})", "overlay({text} placing {text} from {n})",
            "overlay({text} placing {text} from {n} for {n})", "{any}::text", "{any}::varchar(3)", "{jsonb}::text",
            "upper(name)", "name || {any}", "length({text})::text || {text}",
        ],
        "date": extremes + casts("date") + [
            "{date} + {integer}", "{date} - {n}", "{integer} + {date}", "make_date({integer}, {n}, {n})",
            "to_date({text}, 'YYYY-MM-DD')", "date({timestamp})", "make_date(2024, {n}, {n})",
        ],
        "time": extremes + [
            "{time} + {interval}", "{time} - {interval}", "{timestamp}::time", "{interval}::time",
            "{timestamptz}::time(1)",
            "make_time({n}, {n}, {double precision})",
        ],
        "timestamp": extremes + casts("timestamp") + casts("timestamp(2)") + [
            "{timestamp} + {interval}", "{interval} + {timestamp}", "{timestamp} - {interval}", "{timestamp} + {step}",
            "{date} + {interval}", "{date} - {interval}", "{date} + {time}", "{time} + {date}",
            "date_trunc({unit}, {timestamp})",
            "{timestamptz} at time zone 'UTC'", "{timestamptz} at time zone interval '2 hours'",
            "make_timestamp(2024, {n}, {n}, {n}, {n}, {double precision})", "{timestamp} + interval {step}",
        ],
        "timestamptz": extremes + casts("timestamptz") + [
            "{timestamptz} + {interval}", "{timestamptz} - {step}", "date_trunc({unit}, {timestamptz})",
            "date_trunc({unit}, {date})",
            "{timestamp} at time zone 'utc'", "to_timestamp({double precision})", "to_timestamp({text}, 'YYYY-MM-DD')",
        ],
        "interval": extremes + [
            "{interval} + {interval}", "{interval} - {interval}", "-{interval}", "{interval} * {integer}",
            "{double precision} * {interval}", "{interval} / {double precision}", "{timestamp} - {timestamp}",
            "{timestamptz} - {timestamptz}", "{time} - {time}", "age({timestamp}, {timestamp})", "age({date}, {date})",
            "justify_hours({interval})", "justify_days({interval})", "justify_interval({interval})",
            "date_trunc({unit}, {interval})",
            "{time}::interval", "{text}::interval", "{date} - {timestamp}", "{interval} * {numeric}",
        ],
        "jsonb": [
            "{jsonb} -> {key}", "{jsonb} #> {path}", "{jsonb} || {jsonb}", "{jsonb} - {name}", "{jsonb} - {n}",
            "{jsonb} - {text[]}",
            "{jsonb} #- {path}", "jsonb_extract_path({jsonb}, {name})", "{json}::jsonb", "{text}::jsonb",
            "to_jsonb({number})",
            "to_jsonb({text}::text)", "to_jsonb({text[]}::text[])", "to_jsonb({json}::json)",
            "jsonb_build_object('b', {number}, 'a', {text})",
            "jsonb_build_array({number}, {text}, {boolean})", "jsonb_build_object({text}, {jsonb})", "({jsonb})['a']",
            "to_jsonb({boolean}::boolean)", "to_jsonb({integer[]}::integer[])",
            "jsonb_build_object('x', {jsonb}) -> 'x'",
        ],
        "json": [
            "{json} -> {key}", "{json} #> {path}", "{jsonb}::json", "{text}::json", "to_json({text}::text)",
            "to_json({integer}::integer)",
        ],
        "text[]": [
            "{text[]} || {text[]}", "{text[]} || {text}", "{text} || {text[]}", "array_append({text[]}, {text})",
            "array_prepend({text}, {text[]})", "array_cat({text[]}, {text[]})", "string_to_array({text}, {text})",
            "string_to_array({text}, ',', {text})", "string_to_array({text}, null)", "array[{text}, {text}]",
            "regexp_match({text}, {regex})", "regexp_match({text}, {regex}, {flags})", "{integer[]}::text[]",
            "{text}::text[]",
            "array[{text}]",
        ],
        "integer[]": [
            "{integer[]} || {integer}", "{integer} || {integer[]}", "{integer[]} || {integer[]}",
            "array[{integer}, {integer}]",
            "{text[]}::integer[]", "{numeric[]}::integer[]", "array_append({integer[]}, {n})",
        ],
        "numeric[]": [
            "{numeric[]} || {numeric}", "array[{numeric}, {integer}]", "{integer[]}::numeric[]",
            "{numeric[]} || {integer}",
        ],
        "uuid": ["{text}::uuid"] + extremes,
        "bytea": extremes,
    ]
}
