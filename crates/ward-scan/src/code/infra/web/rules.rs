//! What the rules about JavaScript and TypeScript say of themselves.

use ward_evidence::{
    RuleMeta, Severity,
    controls::{CODE_1A, CODE_2A, CODE_3A, SEC_1A},
};

#[cfg(test)]
use crate::code::infra::Example;

/// Every rule about JavaScript and TypeScript.
pub(in super::super) static RULES: &[&RuleMeta] = &[
    &EVAL,
    &COMMAND,
    &HTML,
    &SQL,
    &PATH,
    &SSRF,
    &REDIRECT,
    &PROTOTYPE,
    &DESERIALISE,
    &TLS_OFF,
    &CORS,
    &TOKEN_KEY,
    &TOKEN_CHECK,
    &BROWSER_KEY,
    &COOKIE,
    &WEAK_RANDOM,
    &WEAK_CRYPTO,
    &AGENT_TOOL,
];

pub(super) static EVAL: RuleMeta = RuleMeta {
    id: "code/js-eval",
    severity: Severity::High,
    controls: &[CODE_1A, CODE_3A],
    summary: "Text that is not written in the program is run as a program.",
    docs: "Whoever has a say in the text, a visitor or a model that read a visitor's words, runs code with all rights of the process. `vm` is no sandbox.\n\n\
        Example: `eval(completion.choices[0].message.content)`\n\n\
        **Instead:** parse data as data (`JSON.parse`), choose among functions by name; run what a model writes in a sandbox without network and secrets.\n\n\
        Source: CWE-95; OWASP LLM05:2025, improper output handling; Node.js documentation, *vm*.",
};

pub(super) static COMMAND: RuleMeta = RuleMeta {
    id: "code/js-command",
    severity: Severity::High,
    controls: &[CODE_1A, CODE_3A],
    summary: "A shell is given a line that is put together of parts.",
    docs: "A space, `;` or `$(..)` in a part is read as the shell reads it.\n\n\
        Example: ``exec(`ffmpeg -i ${file}`)``\n\n\
        **Instead:** `execFile(\"ffmpeg\", [\"-i\", file])`, which starts no shell.\n\n\
        Source: CWE-78; Node.js documentation, *child_process*.",
};

pub(super) static HTML: RuleMeta = RuleMeta {
    id: "code/js-html",
    severity: Severity::High,
    controls: &[CODE_1A, CODE_3A],
    summary: "Text from outside becomes HTML of a page.",
    docs: "Scripts in it run as the site, with the visitor's session. What a model writes counts as written by whoever wrote what it read.\n\n\
        Example: `<div dangerouslySetInnerHTML={{__html: message.content}} />`\n\n\
        **Instead:** text nodes; where HTML is wanted, DOMPurify on what comes out of the Markdown renderer.\n\n\
        Source: CWE-79; OWASP LLM05:2025, improper output handling.",
};

pub(super) static SQL: RuleMeta = RuleMeta {
    id: "code/js-sql",
    severity: Severity::High,
    controls: &[CODE_1A, CODE_3A],
    summary: "A statement of SQL is put together of text.",
    docs: "A quote in a part ends the text, and what follows is SQL.\n\n\
        Example: ``db.query(`select * from users where name = '${name}'`)``\n\n\
        **Instead:** parameters: `db.query(\"select * from users where name = $1\", [name])`; the tagged templates of libraries that make parameters.\n\n\
        Source: CWE-89.",
};

pub(super) static PATH: RuleMeta = RuleMeta {
    id: "code/js-path",
    severity: Severity::High,
    controls: &[CODE_1A, CODE_3A],
    summary: "What comes from outside says which file is read or written.",
    docs: "`../` leaves the folder that was meant.\n\n\
        Example: `fs.readFile(path.join(DIR, req.query.name))`\n\n\
        **Instead:** `path.basename`, or compare the resolved path with the folder; better, a table of names.\n\n\
        Source: CWE-22.",
};

pub(super) static SSRF: RuleMeta = RuleMeta {
    id: "code/js-fetch",
    severity: Severity::High,
    controls: &[CODE_1A, CODE_3A],
    summary: "What comes from outside says which address the server fetches.",
    docs: "The server reaches what strangers do not: the cloud's metadata, services without a login. An address that a model chose can carry out what the model knows.\n\n\
        Example: `fetch(req.query.url)`\n\n\
        **Instead:** a list of hosts that are allowed, compared after parsing; a proxy that refuses private addresses.\n\n\
        Source: CWE-918; OWASP LLM05:2025.",
};

pub(super) static REDIRECT: RuleMeta = RuleMeta {
    id: "code/js-redirect",
    severity: Severity::Medium,
    controls: &[CODE_1A, CODE_3A],
    summary: "What comes from outside says where a visitor is sent.",
    docs: "A link to this site leads to one that looks like it.\n\n\
        Example: `res.redirect(req.query.next)`\n\n\
        **Instead:** paths of this site only: refuse what does not begin with one `/`.\n\n\
        Source: CWE-601.",
};

pub(super) static PROTOTYPE: RuleMeta = RuleMeta {
    id: "code/js-prototype",
    severity: Severity::Medium,
    controls: &[CODE_1A, CODE_3A],
    summary: "A request is merged deeply into an object.",
    docs: "A key `__proto__` in it changes every object of the program.\n\n\
        Example: `_.merge(settings, req.body)`\n\n\
        **Instead:** check the request against a schema first; `Object.create(null)`; copy the keys that are meant.\n\n\
        Source: CWE-1321.",
};

pub(super) static DESERIALISE: RuleMeta = RuleMeta {
    id: "code/js-deserialise",
    severity: Severity::High,
    controls: &[CODE_1A],
    summary: "A format is read that can hold functions.",
    docs: "`node-serialize` runs functions that the text holds.\n\n\
        Example: `unserialize(cookie)`\n\n\
        **Instead:** `JSON.parse`.\n\n\
        Source: CVE-2017-5941; CWE-502.",
};

pub(super) static TLS_OFF: RuleMeta = RuleMeta {
    id: "code/js-tls-off",
    severity: Severity::High,
    controls: &[CODE_1A],
    summary: "Connections do not check who answers.",
    docs: "Anybody between the two ends can answer, and reads what is sent: keys, prompts, records.\n\n\
        Example: `new https.Agent({rejectUnauthorized: false})`\n\n\
        **Instead:** give the authority's certificate: `ca`, `NODE_EXTRA_CA_CERTS`.\n\n\
        Source: CWE-295.",
};

pub(super) static CORS: RuleMeta = RuleMeta {
    id: "code/js-cors",
    severity: Severity::Medium,
    controls: &[CODE_1A],
    summary: "Pages of other sites may read what this one answers.",
    docs: "With the visitor's cookies that is everything the visitor may read. Without them it matters for services that ask for no identity, as on a private network.\n\n\
        Example: `cors({origin: true, credentials: true})`\n\n\
        **Instead:** a list of origins.\n\n\
        Source: CWE-942.",
};

pub(super) static TOKEN_KEY: RuleMeta = RuleMeta {
    id: "code/js-token-key",
    severity: Severity::High,
    controls: &[SEC_1A],
    summary: "The key that signs tokens is written into the program.",
    docs: "Whoever reads the program can make a token for every user.\n\n\
        Example: `jwt.sign(user, \"secret\")`\n\n\
        **Instead:** a key from a secret store, or a key pair.\n\n\
        Source: CWE-321, CWE-798.",
};

pub(super) static TOKEN_CHECK: RuleMeta = RuleMeta {
    id: "code/js-token-check",
    severity: Severity::High,
    controls: &[CODE_1A],
    summary: "Tokens are taken without a signature or after their end.",
    docs: "Anybody can write a token without a signature.\n\n\
        Example: `jwt.verify(token, key, {algorithms: [\"none\"]})`\n\n\
        **Instead:** name the one algorithm that is used, and leave the time checked.\n\n\
        Source: CWE-347; RFC 8725, section 3.1.",
};

pub(super) static BROWSER_KEY: RuleMeta = RuleMeta {
    id: "code/js-browser-key",
    severity: Severity::High,
    controls: &[SEC_1A],
    summary: "The key of a service is given to the browser.",
    docs: "What the page has, every visitor has: the key is used by others within days, on your account.\n\n\
        Example: `new OpenAI({apiKey, dangerouslyAllowBrowser: true})`, `process.env.NEXT_PUBLIC_OPENAI_API_KEY`\n\n\
        **Instead:** call the service from your server, which knows who asks and how much.\n\n\
        Source: OWASP LLM10:2025, unbounded consumption; CWE-522.",
};

pub(super) static COOKIE: RuleMeta = RuleMeta {
    id: "code/js-cookie",
    severity: Severity::Low,
    controls: &[CODE_1A],
    summary: "A cookie is not protected as it could be.",
    docs: "A script of the page, or somebody on the network, gets the session.\n\n\
        Example: `res.cookie(\"session\", id, {httpOnly: false, sameSite: \"lax\"})`\n\n\
        **Instead:** `httpOnly: true, secure: true, sameSite: \"lax\"`.\n\n\
        Source: CWE-1004, CWE-614.",
};

pub(super) static WEAK_RANDOM: RuleMeta = RuleMeta {
    id: "code/js-weak-random",
    severity: Severity::Medium,
    controls: &[CODE_1A],
    summary: "A secret is made with `Math.random`.",
    docs: "Its next numbers can be computed from a few that were seen.\n\n\
        Example: `const token = Math.random().toString(36)`\n\n\
        **Instead:** `crypto.randomUUID()`, `crypto.randomBytes(32)`.\n\n\
        Source: CWE-338.",
};

pub(super) static WEAK_CRYPTO: RuleMeta = RuleMeta {
    id: "code/js-weak-crypto",
    severity: Severity::Medium,
    controls: &[CODE_1A],
    summary: "A secret is protected with what no longer protects.",
    docs: "MD5 and SHA-1 of a password are tried through in hours; ECB shows patterns; DES and RC4 are broken.\n\n\
        Example: `createHash(\"md5\").update(password)`\n\n\
        **Instead:** scrypt or Argon2 for passwords, HMAC-SHA-256 for signatures, AES-256-GCM for data.\n\n\
        Source: CWE-327, CWE-916.",
};

pub(super) static AGENT_TOOL: RuleMeta = RuleMeta {
    id: "code/js-agent-tool",
    severity: Severity::Medium,
    controls: &[CODE_2A],
    summary: "A guard of a library for agents is taken off.",
    docs: "The library asks for this switch because what it lets through, code in a stored index or requests a model chose, is not checked.\n\n\
        Example: `FaissStore.load(dir, embeddings, {allowDangerousDeserialization: true})`\n\n\
        **Instead:** data that you made and signed; tools that name what they may reach.\n\n\
        Source: OWASP LLM06:2025, excessive agency; CWE-502.",
};

#[cfg(test)]
pub(in super::super) static EXAMPLES: &[Example] = &[
    Example {
        rule: "code/js-eval",
        path: "src/a.ts",
        bad: &[
            "const a = completion.choices[0].message.content\neval(a)\n",
            "new Function('x', body)\n",
            "import vm from 'node:vm'\nvm.runInNewContext(req.body.code)\n",
        ],
        good: &[
            "eval('1 + 1')\n",
            "JSON.parse(text)\n",
            "setTimeout(() => x(), 10)\n",
            "const re = /eval(x)/\n",
        ],
    },
    Example {
        rule: "code/js-command",
        path: "src/a.js",
        bad: &[
            "const { exec } = require('child_process')\nexec(`ffmpeg -i ${file}`)\n",
            "import { execSync } from 'node:child_process'\nexecSync('git clone ' + url)\n",
            "import cp from 'child_process'\ncp.exec(req.query.cmd)\n",
            "import {spawn} from 'child_process'\nspawn('bash', ['-c', `echo ${x}`])\n",
            "import { tool } from '@langchain/core/tools'\nimport { execSync } from 'child_process'\ntool(async ({ line }: { line: string }) => execSync(line).toString(), { name: 'sh' })\n",
            "import { tool } from 'ai'\nimport { exec } from 'child_process'\ntool({ description: 'sh', execute: async ({ line }) => exec(line) })\n",
            "const run = require('util').promisify(require('child_process').exec)\nrun(`wc -l ${name}`)\n",
            "import { exec } from 'child_process'\nimport { promisify } from 'util'\nconst run = promisify(exec)\nrun(`wc -l ${name}`)\n",
            "const cp = require('child_process')\nconst run = util.promisify(cp.exec)\nrun('wc -l ' + name)\n",
            "require('child_process').exec('wc -l ' + name)\n",
            "require('child_process').spawn('wc -l ' + req.query.name, { shell: true })\n",
            "require('child_process').spawn(req.query.name, ['-l'], { shell: true })\n",
            "require('child_process').spawn('sh', ['-c', 'cat $1', 'sh', req.query.name])\n",
            "require('child_process').spawn('sh', ['-c', '\"$@\"', 'sh', req.query.name])\n",
            "require('child_process').spawn('sh', ['-c', req.query.name])\n",
            "import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'\nimport { exec } from 'child_process'\nserver.tool('sh', { line: z.string() }, async ({ line }) => exec(line))\n",
            "import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'\nimport { exec } from 'child_process'\nserver.registerTool('sh', { inputSchema: { line: z.string() } }, async (args) => exec(args.line))\n",
        ],
        good: &[
            "import { tool } from 'ai'\nimport { exec } from 'child_process'\ntool({ description: 'ls', execute: async ({ line }) => exec('ls') })\n",
            "import { execFile } from 'child_process'\nexecFile('ffmpeg', ['-i', file])\n",
            "const { exec } = require('child_process')\nexec('ls -l')\n",
            "require('child_process').spawn('sh', ['-c', 'cat \"$1\"', 'sh', req.query.name])\n",
            "require('child_process').spawn('wc', ['-l', req.query.name], { shell: false })\n",
            "const m = /a/.exec(`x${y}`)\n",
            "const read = require('util').promisify(require('fs').readFile)\nread(`${name}.txt`)\n",
            "const run = require('util').promisify(require('child_process').execFile)\nrun('wc', ['-l', name])\n",
            "import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'\nimport { execFile } from 'child_process'\nserver.tool('wc', { name: z.string() }, async ({ name }) => execFile('wc', ['-l', name]))\n",
        ],
    },
    Example {
        rule: "code/js-html",
        path: "src/a.tsx",
        bad: &[
            "const A = () => <div dangerouslySetInnerHTML={{ __html: message.content }} />\n",
            "el.innerHTML = req.query.name\n",
            "el.innerHTML = marked(text)\n",
            "function f() { const t = completion.text; el.innerHTML = `<b>${t}</b>` }\n",
            "app.get('/', (req, res) => { res.send(req.query.y) })\n",
            "app.get('/', (req, res) => res.status(404).send(`<h1>${req.params.id}</h1>`))\n",
            "app.get('/', (req, res) => { const { name } = req.query; res.write('<p>' + name + '</p>') })\n",
            "app.get('/', (req, res) => { const name = req.query['n'] || 'you'; res.end(`<p>${name}`) })\n",
            "app.get('/', (req, res) => { res.send(req.query.y); res.type('text') })\n",
        ],
        good: &[
            "el.innerHTML = ''\n",
            "el.textContent = message.content\n",
            "el.innerHTML = DOMPurify.sanitize(marked(message.content))\n",
            "app.get('/', (req, res) => { res.json(req.query.y); res.send(req.body); res.send('ok') })\n",
            "app.get('/', (req, res) => res.send(`<h1>${escapeHtml(req.params.id)}</h1>`))\n",
            "app.get('/', (req, res) => res.send(`no record ${req.params.id}`))\n",
            "app.get('/', (req, res) => res.type('text/plain').send(req.query.challenge))\n",
            "app.get('/', async (req, res) => { const row = await find(req.params.id); res.send(row) })\n",
            "app.get('/', (req, res) => { res.setHeader('Content-Type', 'text/event-stream'); res.write(req.query.y) })\n",
            "app.get('/', (req, res) => { const n = Number(req.query.n); res.send(`<p>${n}</p>`) })\n",
        ],
    },
    Example {
        rule: "code/js-sql",
        path: "src/a.ts",
        bad: &[
            "db.query(`select * from users where name = '${name}'`)\n",
            "await prisma.$queryRawUnsafe(`SELECT * FROM t WHERE id = ${id}`)\n",
            "db.execute('delete from t where id = ' + req.params.id)\n",
            "const T = 'a'\nfunction f(T) { db.query(`select * from ${T} where a = 1`) }\n",
            "let t = 'a'\ndb.query(`select * from ${t} where a = 1`)\n",
            "const by = ['a'].includes(x) ? req.query.by : 'a'\ndb.query(`select * from t order by ${by}`)\n",
            "const C = { a: name }\ndb.query(`select * from t order by ${C[x]}`)\n",
            "const m = ids.map((id) => `${id}`).join(',')\ndb.query(`select * from t where id in (${m})`)\n",
            "const w = []\nw.push(`n = '${req.query.n}'`)\ndb.query(`select * from t where ${w.join(' and ')}`)\n",
            "const w = ['a = 1']\nif (n) w.push('n = ' + n)\ndb.query('select * from t where ' + w.join(' and '))\n",
            "const c = ['a']\nc.push(...req.query.c)\ndb.query(`select ${c.join(', ')} from t`)\n",
            "const o = { by: 'a' }\nObject.assign(o, req.query)\ndb.query(`select * from t order by ${o.by}`)\n",
            "const o = { by: 'a' }\nfill(o)\ndb.query(`select * from t order by ${o.by}`)\n",
            "const o = { by: 'a' }\no.by = req.query.by\ndb.query(`select * from t order by ${o.by}`)\n",
            "const o = { by: ['a'] }\no.by.push(x)\ndb.query(`select * from t order by ${o.by.join(',')}`)\n",
            "const o = ['a']\nconst p = o\np.push(x)\ndb.query(`select * from t order by ${o.join(',')}`)\n",
            "app.get('/', (req, res) => { const q = \"select * from t where n = '\" + req.query.n + \"'\"; db.query(q) })\n",
            "app.get('/', (req, res) => { const f = `n = '${req.query.n}'`; const q = `select * from t where ${f}`; db.query(q) })\n",
            "app.get('/', (req, res) => { const { n } = req.body; if (n === '') return; const q = `select * from t where n = '${n}'`; db.query(q) })\n",
            "const S = new Set(['a'])\nS.add(x)\ndb.query(`select * from t order by ${S.has(x) ? x : 'a'}`)\n",
            "function f(req) { const q = `select * from t where a = '${req.query.a}'`; db.query(q) }\n",
            "function f(req) { var q = 'select * from t where a = ' + req.query.a; return db.query(q, []) }\nfunction g() { var q = 'select * from t where a = $1'; return db.query(q, [a]) }\n",
            "function f(t) { if (!['a', 'b'].includes(u)) return; db.query(`select * from ${t} where a = 1`) }\n",
            "function f(t) { if (!['a', 'b'].includes(t)) log(t); db.query(`select * from ${t} where a = 1`) }\n",
            "function f(t, w) { if (!['a', 'b'].includes(t)) return; db.query(`select * from ${t} where a = ${w}`) }\n",
            "function f() { const m = ids.map(() => '?').join(', ') }\nfunction g(m) { db.query(`select * from t where id in (${m})`) }\n",
        ],
        good: &[
            "const T = 't'\nconst C = ['a', 'b'].join(', ')\ndb.query(`select ${C} from ${T} where a = $1`, [a])\n",
            "const by = ['a', 'b'].includes(req.query.by) ? req.query.by : 'a'\ndb.query(`select * from t order by ${by}`)\n",
            "const S = new Set(['a'])\ndb.query(`select * from t order by ${S.has(by) ? by : 'a'}`)\n",
            "const C = { a: 'a', b: 'b' }\ndb.query(`select * from t order by ${C[req.query.by] ?? C.a}`)\n",
            "const n = Number(req.query.n)\ndb.query(`select * from t limit ${n} offset ${parseInt(req.query.o, 10)}`)\n",
            "const m = ids.map((_, i) => `$${i + 1}`).join(',')\ndb.query(`select * from t where id in (${m})`, ids)\n",
            "db.query(`select * from t where id in (${ids.map(() => '?').join(', ')})`, ids)\n",
            "db.query(`select * from t where id in (${Array(n).fill('?').join(', ')})`, ids)\n",
            "app.get('/', (req, res) => { const n = Number(req.query.n) - 1; const q = `select * from t limit ${n}`; db.query(q) })\n",
            "app.get('/', (req, res) => { const q = `select * from t where n = ${db.escape(req.query.n)}`; db.query(q) })\n",
            "app.get('/', (req, res) => { const t = req.query.t; if (!L.has(t)) return; const q = `select * from ${t}`; db.query(q) })\n",
            "app.get('/', (req, res) => { const t = req.query.t; if (t !== 'a' && t !== 'b') return; const q = `select * from ${t}`; db.query(q) })\n",
            "app.get('/', (req, res) => { if (!/^[a-z]+$/.test(req.query.t)) return; const q = `select * from ${req.query.t}`; db.query(q) })\n",
            "app.get('/', (req, res) => { const q = `update t set a = ${req.query.a === 'b'} where b = 1`; db.query(q) })\n",
            "import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'\nserver.tool('t', { t: z.enum(['a', 'b']), n: z.number() }, async ({ t, n }) => db.prepare(`select * from ${t} where a = ${n}`))\n",
            "db.query('select * from users where name = $1', [name])\n",
            "prisma.$queryRaw`SELECT * FROM t WHERE id = ${id}`\n",
            "log.query(`select ${n} items`)\n",
            "function f(w, p) { const where = w.length ? `where ${w.join(' and ')}` : ''; const q = `select * from t ${where}`; db.query(q, p) }\n",
            "function f(req) { let q = 'select * from t where a = 1'; if (req.query.b) { q += ' and b = ?' } db.query(q, [req.query.b]) }\n",
            "function f() { const q = `select * from t where a = $1`; db.query(q, [a]) }\nfunction g() { const q = 'b'; db.query(q) }\n",
            "const T = ['a', 'b'] as const\nfunction f(t: string) { if (!T.includes(t as any)) return null; db.query(`select * from ${t} where a = 1`) }\n",
            "function f(t) { if (['a', 'b'].includes(t)) { const q = `select * from ${t} where a = 1`; db.query(q) } }\n",
            "function f(ids) { const m = ids.map(() => '?').join(', '); db.query(`select * from t where id in (${m})`, ids) }\nfunction g(ids) { const m = ids.map(() => '?').join(', '); db.query(`delete from t where id in (${m})`, ids) }\n",
        ],
    },
    Example {
        rule: "code/js-path",
        path: "src/a.js",
        bad: &[
            "const fs = require('fs')\nfs.readFileSync(path.join(DIR, req.query.name))\n",
            "app.get('/x', (req, res) => { const { name } = req.params; res.sendFile(name) })\n",
            "const fs = require('fs')\nconst g = (req) => { const n = path.dirname(req.params.n); fs.readFile(path.join(D, n), go) }\n",
            "const fs = require('fs')\nconst g = (req) => { const n = path.basename(req.params.n); fs.readFile(path.join(D, n, req.query.f), go) }\n",
            "import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'\nimport { readFile } from 'fs/promises'\nserver.registerTool('cat', {}, async ({ file }) => readFile(path.join(D, file)))\n",
            "app.get('/x', (req, res) => { const f = path.join(D, req.params.f); res.sendFile(f); if (!f.startsWith(D)) return })\n",
            "app.get('/x', (req, res) => { const f = path.join(D, req.params.f); if (!f.startsWith(D)) log(f); res.sendFile(f) })\n",
            "app.get('/x', (req, res) => { const f = D + req.params.f; if (!f.startsWith(D)) return; res.sendFile(f) })\n",
            "app.get('/x', (req, res) => { if (!/^.*$/.test(req.params.f)) return; res.sendFile(path.join(D, req.params.f)) })\n",
            "app.get('/x', (req, res) => { if (req.params.f.includes('..')) { res.sendFile(path.join(D, req.params.f)) } })\n",
            "app.get('/x', (req, res) => { if (!f.startsWith(D)) return; res.sendFile(path.join(D, req.params.f)) })\n",
            "app.get('/x', (req, res) => { res.sendFile(req.params.f, { dotfiles: 'deny' }) })\n",
            "app.get('/x', (req, res) => { const { k, n } = req.params; if (!['a', 'b'].includes(k)) return; res.sendFile(path.join(D, k, n)) })\n",
            "const fs = require('fs')\nconst g = (req) => { const id = req.params.id, f = req.query.f; if (!/^[0-9]+$/.test(id)) throw new Error(); fs.readFile(`${D}/${id}/${f}`, go) }\n",
            "app.get('/x', (req, res) => { const n = req.query.n; if (!/^[\\w.\\/-]+$/.test(n)) return; res.sendFile(path.join(D, n)) })\n",
            "app.get('/x', (req, res) => { const n = req.query.n; if (!/^\\S+\\.pdf$/.test(n)) return; res.sendFile(path.join(D, n)) })\n",
            "app.get('/x', (req, res) => { const f = req.query.f; if (f.includes('..')) return; res.sendFile(f) })\n",
            "app.get('/x', (req, res) => { const t = req.query.t; if (!['a'].includes(t)) return; const report = path.join(D, req.query.report); res.sendFile(report) })\n",
            "app.get('/x', (req, res) => { const f = path.resolve(req.query.f); if (!f.startsWith('/')) return; res.sendFile(f) })\n",
            "app.get('/x', (req, res) => { let f = req.query.f; if (!/^[a-z]+$/.test(f)) return; f = req.query.g; res.sendFile(f) })\n",
            "app.get('/x', (req, res) => { const f = req.query.f; if (!/^[a-z]+$/.test(f)) return; list.map((f) => res.sendFile(req.query.f)) })\n",
            "app.get('/x', (req, res) => { const l = ['a']; l.push(req.query.g); if (!l.includes(req.query.f)) return; res.sendFile(req.query.f) })\n",
            "app.get('/x', (req, res) => { res.sendFile(req.params.f, { root: req.query.root }) })\n",
        ],
        good: &[
            "app.get('/x', (req, res) => { const f = path.join(D, req.params.f); if (!f.startsWith(D + path.sep)) return res.sendStatus(403); res.sendFile(f) })\n",
            "app.get('/x', (req, res) => { const f = path.resolve(D, req.params.f); if (f.startsWith(D)) { res.sendFile(f) } })\n",
            "app.get('/x', (req, res) => { if (!/^[a-z0-9]+$/.test(req.params.f)) { return res.sendStatus(400) }\nres.sendFile(path.join(D, req.params.f)) })\n",
            "app.get('/x', (req, res) => { if (!['a', 'b'].includes(req.params.f)) return; res.sendFile(path.join(D, req.params.f)) })\n",
            "app.get('/x', (req, res) => { res.sendFile(req.params.f, { root: D }) })\n",
            "app.get('/x', (req, res) => { const { k, n } = req.params; if (!['a', 'b'].includes(k) || !/^[\\w-]+\\.pdf$/.test(n)) return; res.sendFile(path.join(D, k, n)) })\n",
            "const L = ['a', 'b']\napp.get('/x', (req, res) => { const n = req.query.n; if (L.includes(n)) { res.sendFile(`${D}/${n}.csv`) } })\n",
            "const fs = require('fs')\nfs.readFileSync(path.join(DIR, 'a.txt'))\n",
            "import { readFile } from 'fs/promises'\nserver.registerTool('cat', {}, async ({ file }) => readFile(path.join(D, file)))\n",
            "const fs = require('fs')\nconst g = (req) => { const n = path.basename(req.params.n); fs.readFile(path.join(D, n), go) }\n",
            "const fs = require('fs')\nfs.readFileSync(path.join(DIR, path.basename(req.query.name)))\n",
        ],
    },
    Example {
        rule: "code/js-fetch",
        path: "src/a.ts",
        bad: &[
            "await fetch(req.query.url)\n",
            "const url = searchParams.get('url')\nconst r = await fetch(url)\n",
            "axios.get(`${req.body.host}/x`)\n",
            "await fetch(`https://${req.query.host}/x`)\n",
            "await fetch('https://' + req.query.host)\n",
            "await fetch(`https://acme.dev${req.query.path}`)\n",
            "await fetch(`${scheme}://${req.query.host}/x`)\n",
            "await fetch('//' + req.query.host + '/x')\n",
        ],
        good: &[
            "await fetch(`https://api.acme.dev/${req.query.id}`)\n",
            "await fetch(`${process.env.API}/v1/${req.params.id}`)\n",
            "await fetch(BASE + '/v1/' + req.params.id + '/notes')\n",
            "await fetch(`https://${HOST}/v1/${req.params.id}`)\n",
            "await fetch('https://' + HOST + '/v1?id=' + req.query.id + '&n=1')\n",
            "await fetch(`${u.origin}/v1?id=${req.query.id}`)\n",
            "const SITES = ['https://a.example', 'https://b.example']\nasync function f(req) { const site = req.query.site; if (!SITES.includes(site)) throw new Error()\nawait fetch(`${site}/v1`) }\n",
            "await fetch('/api', { body: req.body.text })\n",
        ],
    },
    Example {
        rule: "code/js-redirect",
        path: "src/a.js",
        bad: &[
            "res.redirect(req.query.next)\n",
            "const next = u.searchParams.get('next')\nNextResponse.redirect(u.origin + next)\n",
            "res.redirect(`https://${req.query.host}/x`)\n",
            "res.redirect(req.query.next || '/')\n",
            "res.redirect(req.query.base + '/x')\n",
            "const ALLOWED = new Set(['https://a.example'])\nfunction f(req, res) { const u = req.query.next; if (ALLOWED.has(u)) { log(u) }\nres.redirect(u) }\n",
            "function f(req, res) { const u = req.query.next; if (!allowed.has(u)) return res.end()\nres.redirect(u) }\n",
            "function f(req, res) { const u = req.query.next; if (u.includes('a.example')) res.redirect(u) }\n",
        ],
        good: &[
            "res.redirect('/login')\n",
            "res.redirect(`/user/${req.params.id}`)\n",
            "res.redirect(`${BASE}/x?q=${req.query.q}`)\n",
            "res.redirect('/user/' + req.params.id + '/notes')\n",
            "res.redirect('search?q=' + req.query.q + '#top')\n",
            "res.redirect(`mailto:${req.query.to}`)\n",
            "const ALLOWED = new Set(['https://a.example'])\nfunction f(req, res) { const u = req.query.next; if (!ALLOWED.has(u)) return res.end()\nres.redirect(u) }\n",
        ],
    },
    Example {
        rule: "code/js-prototype",
        path: "src/a.js",
        bad: &["const _ = require('lodash')\n_.merge(settings, req.body)\n"],
        good: &["const _ = require('lodash')\n_.merge(settings, defaults)\n"],
    },
    Example {
        rule: "code/js-deserialise",
        path: "src/a.js",
        bad: &["const { unserialize } = require('node-serialize')\nunserialize(text)\n"],
        good: &["JSON.parse(text)\n"],
    },
    Example {
        rule: "code/js-tls-off",
        path: "src/a.ts",
        bad: &[
            "new https.Agent({ rejectUnauthorized: false })\n",
            "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'\n",
        ],
        good: &[
            "new https.Agent({ rejectUnauthorized: true })\n",
            "new Agent({ rejectUnauthorized: !dev })\n",
        ],
    },
    Example {
        rule: "code/js-cors",
        path: "src/a.js",
        bad: &[
            "const cors = require('cors')\napp.use(cors({ origin: true, credentials: true }))\n",
            "res.setHeader('Access-Control-Allow-Origin', req.headers.origin)\n",
            "res.header('Access-Control-Allow-Origin', '*')\n",
        ],
        good: &["const cors = require('cors')\napp.use(cors({ origin: 'https://acme.dev', credentials: true }))\n"],
    },
    Example {
        rule: "code/js-token-key",
        path: "src/a.js",
        bad: &[
            "const jwt = require('jsonwebtoken')\njwt.sign({ id }, 'shhh')\n",
            "import jwt from 'jsonwebtoken'\njwt.verify(token, 'shhh')\n",
        ],
        good: &["import jwt from 'jsonwebtoken'\njwt.sign({ id }, process.env.KEY)\n"],
    },
    Example {
        rule: "code/js-token-check",
        path: "src/a.js",
        bad: &[
            "jwt.verify(t, k, { algorithms: ['none'] })\n",
            "jwt.verify(t, k, { ignoreExpiration: true })\n",
        ],
        good: &["jwt.verify(t, k, { algorithms: ['RS256'] })\n"],
    },
    Example {
        rule: "code/js-browser-key",
        path: "src/a.ts",
        bad: &[
            "new OpenAI({ apiKey, dangerouslyAllowBrowser: true })\n",
            "const k = process.env.NEXT_PUBLIC_OPENAI_API_KEY\n",
            "const k = import.meta.env.VITE_ANTHROPIC_API_KEY\n",
        ],
        good: &[
            "const k = process.env.OPENAI_API_KEY\n",
            "const k = process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY\n",
            "const k = process.env.NEXT_PUBLIC_SITE_URL\n",
        ],
    },
    Example {
        rule: "code/js-cookie",
        path: "src/a.js",
        bad: &["res.cookie('s', id, { httpOnly: false, maxAge: 10 })\n"],
        good: &[
            "res.cookie('s', id, { httpOnly: true, secure: true })\n",
            "const x = { secure: false, host: 'a' }\n",
        ],
    },
    Example {
        rule: "code/js-weak-random",
        path: "src/a.ts",
        bad: &[
            "const resetToken = Math.random().toString(36)\n",
            "this.sessionId = 's' + Math.random()\n",
        ],
        good: &[
            "const jitter = Math.random()\n",
            "const token = crypto.randomUUID()\n",
            "const maxTokens = Math.random()\n",
        ],
    },
    Example {
        rule: "code/js-weak-crypto",
        path: "src/a.js",
        bad: &[
            "const crypto = require('crypto')\ncrypto.createHash('md5').update(password)\n",
            "import crypto from 'crypto'\ncrypto.createCipheriv('aes-128-ecb', k, null)\n",
        ],
        good: &["import crypto from 'crypto'\ncrypto.createHash('sha256').update(password)\n"],
    },
    Example {
        rule: "code/js-agent-tool",
        path: "src/a.ts",
        bad: &["await FaissStore.load(d, e, { allowDangerousDeserialization: true })\n"],
        good: &["await FaissStore.load(d, e, { allowDangerousDeserialization: false })\n"],
    },
];
