// Drives a running `ward serve` with the official OpenAI client for JavaScript.
//
// Environment: WARD_URL (https://127.0.0.1:PORT), WARD_KEY (wk_..), WARD_CA (path of the server's
// certificate, PEM). Node reads trusted certificates when it starts: set NODE_EXTRA_CA_CERTS to the
// same path. WARD_EXAMPLES may name the folder of examples. Prints one line per check, `ok NAME` or
// `FAIL NAME why`. Exit: 0 all held, 1 some failed, 2 the environment is not set.

import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import OpenAI from 'openai';

const MODEL = 'ward-cite';
const ALLERGIES = 'What is she allergic to?';
const PLACEHOLDER = /\[[A-Z]+_[0-9]+[A-Z]{2}\]/;

// The repository's examples: named, or below the working folder, or beside this file's own place.
const beside = fileURLToPath(new URL('../../../examples', import.meta.url));
const examples = process.env.WARD_EXAMPLES ?? (existsSync('examples/README.md') ? 'examples' : beside);

const example = (name) => readFileSync(join(examples, name));

const client = (apiKey = process.env.WARD_KEY) =>
  new OpenAI({ baseURL: `${process.env.WARD_URL.replace(/\/+$/, '')}/v1`, apiKey, maxRetries: 0, timeout: 60_000 });

const ask = (messages, more = {}, who = client()) => who.chat.completions.create({ model: MODEL, messages, ...more });

const text = (words) => ({ type: 'text', text: words });

const file = (name, mediaType) => ({
  type: 'file',
  file: { filename: basename(name), file_data: `data:${mediaType};base64,${example(name).toString('base64')}` },
});

const about = (name, mediaType, question) => [{ role: 'user', content: [file(name, mediaType), text(question)] }];

const maria = (question = ALLERGIES) => about('maria-alvarez.json', 'application/fhir+json', question);

function must(held, otherwise) {
  if (!held) throw new Error(otherwise);
}

function holds(answer, ...wanted) {
  const missing = wanted.filter((w) => !answer.toLowerCase().includes(w.toLowerCase()));
  must(missing.length === 0, `the answer lacks ${missing}`);
  must(!PLACEHOLDER.test(answer), 'a placeholder was left in the answer');
}

const answerOf = (reply) => reply.choices[0].message.content;

// Awaits a promise that must be refused, and gives the error.
async function refused(kind, status, promise, { param, code } = {}) {
  let error;
  try {
    await promise;
  } catch (caught) {
    error = caught;
  }
  must(error !== undefined, `no ${kind.name}`);
  if (!(error instanceof kind)) throw error;
  must(error.status === status, `status ${error.status}, not ${status}`);
  must(param === undefined || error.param === param, `param ${error.param}, not ${param}`);
  must(code === undefined || error.code === code, `code ${error.code}, not ${code}`);
  return error;
}

const CHECKS = {
  async 'models-list'() {
    const ids = [];
    for await (const model of client().models.list()) ids.push(model.id);
    must(ids.includes(MODEL), `${MODEL} is not in ${ids}`);
  },

  async 'models-retrieve'() {
    const model = await client().models.retrieve(MODEL);
    must(model.id === MODEL && model.object === 'model', 'another model came back');
  },

  async 'models-retrieve-unknown'() {
    await refused(OpenAI.NotFoundError, 404, client().models.retrieve('no-such-model'));
  },

  async 'chat-whole-fhir'() {
    const reply = await ask(maria());
    must(reply.object === 'chat.completion' && reply.model === MODEL && reply.choices.length === 1, 'not one completion');
    must(reply.choices[0].message.role === 'assistant' && reply.choices[0].finish_reason === 'stop', 'not finished');
    holds(answerOf(reply), 'penicillin', 'hives');
    const { prompt_tokens: prompt, completion_tokens: completion, total_tokens: total } = reply.usage;
    must(prompt > 0 && completion > 0 && total === prompt + completion, 'usage does not add up');
    must(reply.ward.citations.length > 0, 'no citations');
  },

  async 'chat-streamed-fhir'() {
    const whole = answerOf(await ask(maria()));
    const [pieces, finish] = [[], []];
    let [usage, last] = [null, null];
    for await (const chunk of await ask(maria(), { stream: true, stream_options: { include_usage: true } })) {
      must(chunk.object === 'chat.completion.chunk', 'not a chunk');
      for (const choice of chunk.choices) {
        pieces.push(choice.delta.content ?? '');
        if (choice.finish_reason) finish.push(choice.finish_reason);
      }
      usage = chunk.usage ?? usage;
      last = chunk;
    }
    must(pieces.join('') === whole, 'the pieces put together are not the whole answer');
    must(finish.length === 1 && finish[0] === 'stop', `finish reasons ${finish}`);
    must(usage?.total_tokens > 0 && last.choices.length === 0, 'the last piece does not count tokens');
  },

  async 'chat-stream-helper'() {
    const stream = client().chat.completions.stream({ model: MODEL, messages: maria() });
    holds(answerOf(await stream.finalChatCompletion()), 'penicillin');
  },

  async 'chat-stream-abandoned'() {
    const stream = await ask(maria(), { stream: true });
    for await (const _ of stream) break;
    holds(answerOf(await ask(maria())), 'penicillin');
  },

  async 'chat-parallel-records-stay-apart'() {
    const shared = client();
    const james = about('james-okafor.json', 'application/fhir+json', 'Which allergies and intolerances does he have?');
    const asked = Array.from({ length: 16 }, (_, n) => ask(n % 2 === 0 ? maria() : james, {}, shared));
    (await Promise.all(asked)).forEach((reply, n) => {
      const [own, other] = n % 2 === 0 ? ['penicillin', 'contrast'] : ['contrast', 'penicillin'];
      holds(answerOf(reply), own);
      must(!answerOf(reply).toLowerCase().includes(other), 'one record leaked into the other');
    });
  },

  async 'chat-whole-hl7-file'() {
    holds(answerOf(await ask(about('maria-alvarez.hl7', 'application/hl7-v2', ALLERGIES))), 'penicillin', 'hives');
  },

  async 'chat-whole-hl7-text'() {
    const content = [text(example('maria-alvarez.hl7').toString('utf8')), text(ALLERGIES)];
    holds(answerOf(await ask([{ role: 'user', content }])), 'penicillin', 'hives');
  },

  async 'chat-whole-note-text'() {
    const content = `${example('maria-alvarez.txt').toString('utf8')}\n\n${ALLERGIES}`;
    holds(answerOf(await ask([{ role: 'user', content }])), 'penicillin', 'hives');
  },

  async 'citations-point-into-the-note'() {
    const record = Array.from(example('maria-alvarez.txt').toString('utf8'));
    const reply = await ask(about('maria-alvarez.txt', 'text/plain', ALLERGIES));
    must(reply.ward.citations.length > 0, 'no citations');
    for (const { start, end, text: quote } of reply.ward.citations) {
      must(record.slice(start, end).join('') === quote, 'a citation is not what stands at its place');
    }
  },

  async 'names-and-dates-come-back'() {
    const reply = await ask(maria('When was apixaban started?'));
    holds(answerOf(reply), 'apixaban', '2026-03-04');
    const replaced = Object.values(reply.ward.replaced).reduce((sum, n) => sum + n, 0);
    must(replaced > 100, `too little was replaced: ${replaced}`);
  },

  async 'receipt-header'() {
    const { data, response } = await ask(maria()).withResponse();
    const receipt = response.headers.get('ward-receipt');
    must(receipt?.startsWith('wr_'), `ward-receipt is ${receipt}`);
    must(data.ward.receipt === receipt, 'the reply names another receipt');
  },

  async 'receipt-header-on-refusal'() {
    const error = await refused(OpenAI.BadRequestError, 400, ask(maria(), { n: 2 }));
    must(error.headers.get('ward-receipt')?.startsWith('wr_'), 'no ward-receipt');
  },

  async 'wrong-key'() {
    const other = client(`wk_aaaaaaaa_${'b'.repeat(52)}_cccccc`);
    await refused(OpenAI.AuthenticationError, 401, other.models.list());
    await refused(OpenAI.AuthenticationError, 401, ask(maria(), {}, other));
  },

  async 'foreign-key'() {
    await refused(OpenAI.AuthenticationError, 401, client('sk-not-a-key-of-ward').models.list());
  },

  async 'unknown-model'() {
    await refused(OpenAI.NotFoundError, 404, ask(maria(), { model: 'no-such-model' }), { code: 'model_not_found' });
    await refused(OpenAI.NotFoundError, 404, ask(maria(), { model: 'no-such-model', stream: true }));
  },

  async 'unknown-field'() {
    const wanted = { param: 'temprature', code: 'unknown_field' };
    await refused(OpenAI.BadRequestError, 400, ask(maria(), { temprature: 1 }), wanted);
  },

  async 'unknown-field-in-a-message'() {
    const messages = [{ role: 'user', content: 'Hello?', mood: 'good' }];
    await refused(OpenAI.BadRequestError, 400, ask(messages), { param: 'messages[0].mood' });
  },

  async 'two-choices'() {
    await refused(OpenAI.BadRequestError, 400, ask(maria(), { n: 2 }), { param: 'n' });
  },

  async 'tools'() {
    const tool = { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } };
    await refused(OpenAI.BadRequestError, 400, ask(maria(), { tools: [tool] }), { param: 'tools[0].function.name' });
  },

  async 'image-by-address'() {
    const image = { type: 'image_url', image_url: { url: 'https://collect.example.net/a.png' } };
    await refused(OpenAI.BadRequestError, 400, ask([{ role: 'user', content: [text('What is this?'), image] }]));
  },

  async 'sampling-fields-are-taken'() {
    const more = { temperature: 0, top_p: 1, seed: 7, max_completion_tokens: 4096, user: 'somebody', n: 1 };
    holds(answerOf(await ask(maria(), more)), 'penicillin');
  },

  async 'broken-record'() {
    const { files } = JSON.parse(example('hostile/expected.json').toString('utf8'));
    const { phi } = files.find(({ file: name }) => name === 'broken-entry.json');
    const messages = about('hostile/broken-entry.json', 'application/fhir+json', 'What is he allergic to?');
    const error = await refused(OpenAI.BadRequestError, 400, ask(messages), { code: 'bad_document' });
    const told = `${error.message} ${JSON.stringify(error.error)} ${error.param}`;
    const leaked = phi.filter(({ value }) => told.includes(value)).map((p) => p.class);
    must(leaked.length === 0, `the refusal repeats the record: ${leaked}`);
  },

  async 'empty-record-is-not-invented'() {
    const reply = await ask(about('hostile/empty.json', 'application/fhir+json', 'What is he allergic to?'));
    must(answerOf(reply).trim() !== '', 'no words at all');
    must(reply.ward.refused === true && reply.ward.citations.length === 0, 'answered from nothing');
    must(!/penicillin|latex|sulf|no known allerg/i.test(answerOf(reply)), 'the answer invents');
  },

  async 'unanswerable-question'() {
    const reply = await ask(maria('What is her blood group?'));
    must(reply.ward.refused === true, 'answered what the record does not say');
  },

  async 'injected-instructions-do-nothing'() {
    const answer = answerOf(await ask(about('hostile/injection-note.txt', 'text/plain', ALLERGIES)));
    holds(answer, 'ibuprofen', 'angioedema');
    for (const mark of ['<|im_start|>', 'collect.example.net', 'CNRY-90417755', 'DebugGPT']) {
      must(!answer.includes(mark), 'an instruction of the note came through');
    }
  },
};

const missing = ['WARD_URL', 'WARD_KEY', 'WARD_CA', 'NODE_EXTRA_CA_CERTS'].filter((name) => !process.env[name]);
if (missing.length > 0) {
  console.error(`set ${missing.join(', ')}`);
  process.exit(2);
}
const wanted = process.argv.slice(2);
let failed = 0;
for (const [name, check] of Object.entries(CHECKS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  try {
    await check();
    console.log(`ok ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name} ${error.constructor.name}: ${String(error.message).replace(/\s+/g, ' ').slice(0, 300)}`);
  }
}
process.exit(failed > 0 ? 1 : 0);
