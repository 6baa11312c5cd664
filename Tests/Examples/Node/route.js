// Routes requests and prints each decision to the last bit: node route.js ADDON MODEL REQUESTS.jsonl
'use strict';
const fs = require('fs');

const [addon, model, requests] = process.argv.slice(2);
const ockham = require(addon);
const roles = { system: 0, developer: 0, user: 1, assistant: 2, tool: 3 };
const formats = { text: 0, json_object: 1, json_schema: 2 };

function requestOf(body) {
  return {
    messages: body.messages.map((message) => [roles[message.role], message.content]),
    tools: (body.tools ?? []).map((tool) => tool.name),
    toolSchemaBytes: body.tool_schema_bytes ?? 0,
    responseFormat: formats[body.response_format?.type ?? 'text'],
    responseSchemaBytes: body.response_schema_bytes ?? 0,
    imageCount: body.image_count ?? 0,
    maximumOutputTokens: body.max_tokens ?? 0,
  };
}

function bits(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return bytes.toString('hex');
}

function bitsOfDouble(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString('hex');
}

const router = ockham.load(fs.readFileSync(model));
for (const line of fs.readFileSync(requests, 'utf8').split('\n').filter(Boolean)) {
  const body = JSON.parse(line);
  const made = ockham.route(router, requestOf(body));
  const parts = [body.id, made.tier, made.reason, made.task ?? '-', `gain=${bits(made.gain)}`];
  parts.push(`threshold=${bits(made.threshold)}`, `p=${made.probabilities.map(bits).join(',')}`);
  console.log([...parts, `usd=${bitsOfDouble(made.expectedCostUSD)}`].join(' '));
}
