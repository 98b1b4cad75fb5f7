/// The page for people: one document, nothing from elsewhere.
enum StatusPage {
    static let html = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Lode</title>
        <link rel="icon" href="data:,">
        <style>\(style)</style>
        </head>
        <body>
        <header><h1>Lode</h1><p id="state" role="status">Loading…</p></header>
        <main>
        <form id="login" hidden>
        <label for="token">Bearer token</label>
        <input id="token" type="password" autocomplete="off" required>
        <button>Open</button>
        </form>
        <div id="content" hidden>
        <section aria-labelledby="sources-title">
        <h2 id="sources-title">Sources</h2>
        <div class="wide"><table>
        <thead><tr><th scope="col">Source</th><th scope="col">State</th><th scope="col" class="n">Transactions</th>
        <th scope="col" class="n">Events</th><th scope="col" class="n">Slot lag</th>
        <th scope="col" class="n">WAL kept</th></tr></thead>
        <tbody id="sources"></tbody></table></div>
        </section>
        <section aria-labelledby="subscribers-title">
        <h2 id="subscribers-title">Subscribers</h2>
        <div class="wide"><table>
        <thead><tr><th scope="col">Subscriber</th><th scope="col">State</th><th scope="col" class="n">Delivered</th>
        <th scope="col" class="n">Lag</th><th scope="col" class="n">Parked</th><th scope="col" class="n">Skipped</th>
        </tr></thead>
        <tbody id="subscribers"></tbody></table></div>
        </section>
        <section aria-labelledby="events-title">
        <h2 id="events-title">Events <button id="pause" type="button" aria-pressed="false">Pause</button></h2>
        <p id="none">No events yet; they appear here as they come.</p>
        <ol id="events" reversed></ol>
        </section>
        </div>
        </main>
        <noscript><p>This page needs JavaScript. <code>lode status</code> and <code>lode tail</code> tell the same.</p>
        </noscript>
        <script>\(script)</script>
        </body>
        </html>

        """

    static let style = """

        :root { --back: #fbfaf8; --card: #fff; --text: #1d2125; --soft: #5b6570; --line: #dfe2e6; --good: #0b6e4f;
          --bad: #b3261e; --mark: #8a5a00; }
        @media (prefers-color-scheme: dark) { :root { --back: #14171a; --card: #1c2024; --text: #e6e9ec; --soft: #9aa4ae;
          --line: #30363c; --good: #5fd3a8; --bad: #ff8a80; --mark: #e5b567; } }
        * { box-sizing: border-box; }
        [hidden] { display: none !important; }
        body { margin: 0 auto; padding: 1.5rem; max-width: 68rem; background: var(--back); color: var(--text);
          font: 1rem/1.5 system-ui, sans-serif; }
        header { display: flex; align-items: baseline; gap: 1rem; flex-wrap: wrap; }
        h1 { margin: 0; font-size: 1.6rem; letter-spacing: -0.02em; }
        h2 { font-size: 1rem; margin: 0 0 .5rem; }
        header p { margin: 0; color: var(--soft); }
        section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.25rem;
          margin-top: 1.25rem; }
        .wide { overflow-x: auto; }
        table { width: 100%; border-collapse: collapse; }
        th, td { text-align: left; padding: .35rem 1rem .35rem 0; border-top: 1px solid var(--line);
          vertical-align: top; }
        thead th { border: 0; color: var(--soft); font-weight: 500; font-size: .85rem; }
        tbody th { font-weight: 600; }
        .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .good { color: var(--good); } .bad { color: var(--bad); }
        ol { list-style: none; margin: 0; padding: 0; }
        li { border-top: 1px solid var(--line); padding: .35rem 0; }
        summary { cursor: pointer; display: flex; gap: 1rem; flex-wrap: wrap; }
        summary .type { font-weight: 600; } summary .key { color: var(--mark); overflow-wrap: anywhere; }
        time { color: var(--soft); font-variant-numeric: tabular-nums; }
        pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .5rem 0; font-size: .85rem; }
        button, input { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line);
          border-radius: .4rem; padding: .2rem .7rem; }
        h2 button { font-size: .85rem; margin-left: .5rem; }
        form { display: flex; gap: .75rem; align-items: center; flex-wrap: wrap; margin-top: 1.5rem; }
        :focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }

        """
}
