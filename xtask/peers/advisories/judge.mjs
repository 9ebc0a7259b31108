// Judges what `ward disclose` writes with programs that are not Ward's. Arguments: the program, the folder of CycloneDX
// schemas. Prints one line per check and exits with 1 when one does not hold.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, writeFileSync, mkdirSync, chmodSync, statSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Ajv from 'ajv'
import Ajv2020 from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import * as age from 'age-encryption'
import validateStrict from '@secvisogram/csaf-validator-lib/validateStrict.js'
import * as mandatory from '@secvisogram/csaf-validator-lib/mandatoryTests.js'
import * as optional from '@secvisogram/csaf-validator-lib/optionalTests.js'
import * as schemas from '@secvisogram/csaf-validator-lib/schemaTests.js'

const [ward, cyclonedx] = process.argv.slice(2)
const here = new URL('.', import.meta.url).pathname
let failed = 0
const check = (name, faults) => {
  console.log(`${faults.length === 0 ? 'holds ' : 'FAILS '} ${name}`)
  for (const fault of faults.slice(0, 10)) console.log(`         ${fault}`)
  failed += faults.length === 0 ? 0 : 1
}
const load = (path) => JSON.parse(readFileSync(path))

// A team, and cases of every shape.
const work = mkdtempSync(join(tmpdir(), 'ward-advisories-'))
const data = join(work, 'data')
mkdirSync(data, { mode: 0o700 })
chmodSync(data, 0o700)
writeFileSync(join(work, 'ward.toml'), `
[disclose]
product = "Acme Triage"
[disclose.publisher]
name = "Acme"
namespace = "https://acme.example"
contact = "security@acme.example"
advisories-url = "https://acme.example/.well-known/csaf"
[disclose.package]
ecosystem = "PyPI"
name = "acme-triage"
purl = "pkg:pypi/acme-triage"
cpe = "cpe:2.3:a:acme:triage:*:*:*:*:*:*:*:*"
repository = "https://git.acme.example/triage"
[disclose.contact]
contact = ["mailto:security@acme.example"]
`)
const run = (args, input = '') =>
  execFileSync(ward, [...args, '--data', data], { cwd: work, input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] })
const out = join(work, 'advisories')
const vectors = {
  none: [],
  three: ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
  four: ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N'],
  both: ['CVSS:3.1/AV:L/AC:H/PR:L/UI:R/S:C/C:L/I:N/A:L', 'CVSS:4.0/AV:A/AC:H/AT:P/PR:L/UI:P/VC:L/VI:N/VA:N/SC:N/SI:L/SA:N/E:P'],
}
const weaknesses = ['CWE-22', 'CWE-79', 'CWE-502', 'CWE-1427', 'CWE-99999', null]
let count = 0
for (const [name, list] of Object.entries(vectors)) {
  for (const fixes of ['one', 'two', 'none', 'mixed']) {
    const weakness = weaknesses[count % weaknesses.length]
    const clinical = ['none', 'privacy', 'delay', 'wrong-treatment', 'harm'][count % 5]
    count += 1
    const id = JSON.parse(run(['disclose', 'receive', '-', '--json'], `Report number ${count} of ${name} and ${fixes}: words ${count * 7919} that differ`)).case
    const assess = ['disclose', 'assess', id, '--clinical', clinical, ...list.flatMap((vector) => ['--cvss', vector])]
    if (weakness) assess.push('--cwe', weakness)
    if (list.length === 0) assess.push('--severity', 'critical', '--reason', 'seen')
    run(assess)
    run(['disclose', 'affected', id, '--release', 'v1.2.0', '--release', '1.2.1', '--release', '2.0.0+build 7', '--release', '0.9'])
    if (fixes !== 'none') run(['disclose', 'fix', id, '--line', '1.2', '--release', 'v1.2.2'])
    if (fixes === 'two') run(['disclose', 'fix', id, '--line', '2.x', '--release', '2.0.1'])
    if (fixes === 'mixed' || fixes === 'none') run(['disclose', 'fix', id, '--line', '0.9', '--declined', '--reason', 'out of support'])
    run(['disclose', 'credit', id, '--name', 'Ana Ruiz', '--url', 'https://ana.example', '--consent'])
    const draft = [
      `title = "A fault, number ${count}"`, 'summary = "In short."', 'description = "At length: <b>ü</b>, \\"quoted\\"."', 'impact = "Somebody could."',
      `workaround = "${count % 2 ? 'Turn it off.' : ''}"`, count % 3 ? 'cve = "CVE-2026-12345"' : '', 'references = ["https://acme.example/a"]',
      'introduced-commits = ["0123456789abcdef0123456789abcdef01234567"]', 'fixed-commits = ["89abcdef0123456789abcdef0123456789abcdef"]',
    ].join('\n')
    const file = join(work, 'draft.toml')
    for (let revision = 0; revision < 1 + (count % 2); revision += 1) {
      writeFileSync(file, `${draft}\nchange = "Revision ${revision + 1}"\n`)
      run(['disclose', 'advise', id, '--draft', file, '--out', out])
    }
    run(['disclose', 'publish', id, '--url', 'https://acme.example/a'])
  }
}

// CSAF 2.0: the strict schema and every mandatory test; optional ones are said.
const year = readdirSync(join(out, 'white')).find((name) => /^\d{4}$/.test(name))
const documents = readdirSync(join(out, 'white', year)).filter((name) => name.endsWith('.json'))
const tests = [schemas.csaf_2_0_strict, ...Object.values(mandatory)]
let faults = []
const hints = {}
for (const name of documents) {
  const document = load(join(out, 'white', year, name))
  const { tests: results } = await validateStrict(tests, document)
  for (const result of results) for (const error of result.errors) faults.push(`${name} ${result.name} ${error.instancePath} ${error.message}`)
  for (const result of (await validateStrict(Object.values(optional), document)).tests) {
    for (const warning of [...result.warnings, ...result.errors]) hints[`${result.name}: ${warning.message}`] = (hints[`${result.name}: ${warning.message}`] ?? 0) + 1
  }
}
check(`CSAF 2.0: ${documents.length} advisories, strict schema and ${tests.length - 1} mandatory tests`, faults)
for (const [hint, times] of Object.entries(hints)) console.log(`         optional, ${times} times: ${hint}`)
const damaged = load(join(out, 'white', year, documents[0]))
damaged.vulnerabilities[0].product_status.fixed = damaged.vulnerabilities[0].product_status.known_affected
const { isValid } = await validateStrict(tests, damaged)
check('a damaged advisory is refused by the same judge', isValid ? ['it was accepted'] : [])

const judged = (name, folder, ajv, schema) => {
  const validate = ajv.compile(schema)
  const files = readdirSync(join(out, folder)).filter((file) => file.endsWith('.json'))
  const wrong = files.flatMap((file) => (validate(load(join(out, folder, file))) ? [] : (validate.errors ?? []).map((error) => `${file} ${error.instancePath} ${error.message}`)))
  check(`${name}: ${files.length} documents against the published schema`, wrong)
}
const osv = new Ajv2020({ strict: false, allErrors: true })
formats(osv)
judged('OSV', 'osv', osv, load(join(here, 'osv.schema.json')))
const bom = new Ajv({ strict: false, allErrors: true })
formats(bom, { mode: 'full' })
for (const format of ['idn-email', 'iri-reference']) bom.addFormat(format, true)
for (const name of ['spdx.schema.json', 'jsf-0.82.schema.json']) bom.addSchema(load(join(cyclonedx, name)))
judged('CycloneDX 1.6 VEX', 'vex', bom, load(join(cyclonedx, 'bom-1.6.schema.json')))

// age: what another program seals is opened by Ward, and the other way round.
run(['disclose', 'key', 'new', '--out', join(work, 'identity.txt')])
const recipient = run(['disclose', 'key', 'show']).trim()
for (const length of [0, 1, 65_535, 65_536, 65_537, 200_000]) {
  const encrypter = new age.Encrypter()
  encrypter.addRecipient(recipient)
  const head = JSON.stringify({ received_unix_ms: 1_795_348_800_000 + length, kind: 'text' })
  const sealed = await encrypter.encrypt(`${head}\nSealed elsewhere ${length} ${'word '.repeat(length / 5)}`)
  writeFileSync(join(data, 'intake', `${String(1_795_348_800_000 + length).padStart(15, '0')}-wr_${length}.age`), sealed, { mode: 0o600 })
}
const opened = JSON.parse(run(['disclose', 'intake', '--identity', join(work, 'identity.txt'), '--json']))
check(`age: ${opened.cases.length} of 6 files of the package age-encryption open`, opened.not_examined.map((one) => one.reason).concat(opened.cases.length === 6 ? [] : ['some are missing']))
run(['disclose', 'door', 'open'])
const server = spawn(ward, ['serve', '--listen', '127.0.0.1:0', '--data', data], { stdio: ['ignore', 'pipe', 'ignore'] })
const port = await new Promise((resolve) => {
  let text = ''
  server.stdout.on('data', (piece) => {
    text += piece
    const found = /https:\/\/127\.0\.0\.1:(\d+)/.exec(text)
    if (found) resolve(Number(found[1]))
  })
})
const posted = 'A report that Ward seals. '.repeat(6_000)
const status = await new Promise((resolve, reject) => {
  const options = { host: '127.0.0.1', port, path: '/ward/v1/reports', method: 'POST', ca: readFileSync(join(data, 'tls', 'cert.pem')), headers: { 'Content-Type': 'text/plain' } }
  const sent = request(options, (response) => { response.resume(); resolve(response.statusCode) })
  sent.on('error', reject)
  sent.end(posted)
})
server.kill()
const sealed = readdirSync(join(data, 'intake')).find((name) => name.endsWith('.age'))
const decrypter = new age.Decrypter()
decrypter.addIdentity(readFileSync(join(work, 'identity.txt'), 'utf8').split('\n').find((line) => line.startsWith('AGE-SECRET-KEY-1')))
const plain = sealed ? await decrypter.decrypt(readFileSync(join(data, 'intake', sealed)), 'text') : ''
check('age: what the service seals opens with the package age-encryption', status === 202 && plain.endsWith(`\n${posted}`) ? [] : [`status ${status}`])
check('sealed files are for their owner alone', sealed && (statSync(join(data, 'intake', sealed)).mode & 0o077) === 0 ? [] : ['they are not'])
process.exit(failed === 0 ? 0 : 1)
