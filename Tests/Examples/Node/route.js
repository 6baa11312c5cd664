// Routes requests and prints each decision to the last bit: node route.js ADDON MODEL REQUESTS.jsonl
// A line with a response starts where the model's cascade says, and its response is weighed.
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

const finishes = { stop: 1, length: 2, tool_calls: 3, content_filter: 4, other: 5 };

function fact(value) {
  return value === undefined ? undefined : value ? 2 : 1;
}

function responseOf(body) {
  return {
    text: body.text,
    toolCalls: (body.tool_calls ?? []).map((call) => [call.name, call.arguments]),
    jsonValid: fact(body.json_valid),
    schemaValid: fact(body.schema_valid),
    toolCallsValid: fact(body.tool_calls_valid),
    finishReason: finishes[body.finish_reason],
    meanLogprob: body.mean_logprob,
    minimumLogprob: body.minimum_logprob,
    logprobSpread: body.logprob_spread,
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
const tiers = ockham.tiers(router);

function route(body) {
  const made = ockham.route(router, requestOf(body));
  const parts = [body.id, made.tier, made.reason, made.task ?? '-', `gain=${bits(made.gain)}`];
  parts.push(`threshold=${bits(made.threshold)}`, `p=${made.probabilities.map(bits).join(',')}`);
  return [...parts, `usd=${bitsOfDouble(made.expectedCostUSD)}`];
}

function weigh(body) {
  const start = ockham.start(router, requestOf(body)).tier;
  const step = ockham.weigh(router, responseOf(body.response), tiers.indexOf(body.response.tier));
  const parts = [body.id, `start=${start}`, `answered=${body.response.tier}`, `p=${step.probabilities.map(bits).join(',')}`];
  return [...parts, `next=${step.isWorthwhile ? step.tier : '-'}`, `gain=${bits(step.gain)}`, `threshold=${bits(step.threshold)}`];
}

for (const line of fs.readFileSync(requests, 'utf8').split('\n').filter(Boolean)) {
  const body = JSON.parse(line);
  console.log((body.response ? weigh(body) : route(body)).join(' '));
}
