#include "CSimdJSON.h"

#include <simdjson.h>

#include <new>

/// One DOM parser. The depth is set once; the capacity grows with the longest text seen, up to the limit.
struct ockham_json_parser {
  simdjson::dom::parser dom;
  size_t depth;

  ockham_json_parser(size_t capacity, size_t depth) : dom(capacity), depth(depth) {}
};

namespace {

constexpr size_t minimum_capacity = size_t(1) << 16;

ockham_json_status status_of(simdjson::error_code error) {
  switch (error) {
    case simdjson::SUCCESS: return OCKHAM_JSON_OK;
    case simdjson::EMPTY: return OCKHAM_JSON_EMPTY;
    case simdjson::UTF8_ERROR: return OCKHAM_JSON_UTF8;
    case simdjson::STRING_ERROR: return OCKHAM_JSON_STRING;
    case simdjson::NUMBER_ERROR:
    case simdjson::NUMBER_OUT_OF_RANGE: return OCKHAM_JSON_NUMBER;
    case simdjson::DEPTH_ERROR: return OCKHAM_JSON_DEPTH;
    case simdjson::CAPACITY: return OCKHAM_JSON_CAPACITY;
    case simdjson::MEMALLOC: return OCKHAM_JSON_MEMORY;
    default: return OCKHAM_JSON_SYNTAX;
  }
}

/// simdjson's own size for the string buffer of a document: see `document::allocate`.
size_t string_capacity_of(size_t capacity) {
  return SIMDJSON_ROUNDUP_N(5 * capacity / 3 + simdjson::SIMDJSON_PADDING, 64);
}

/// Makes room for a text in the parser and in its document, so that the many short lines after a first one never
/// allocate.
simdjson::error_code reserve(ockham_json_parser *parser, size_t length) {
  auto &dom = parser->dom;
  if (length > dom.max_capacity()) return simdjson::CAPACITY;
  if (dom.capacity() > 0 && length <= dom.capacity() && length <= dom.doc.capacity()) return simdjson::SUCCESS;
  const size_t wanted = length < minimum_capacity ? minimum_capacity : length + length / 2;
  const size_t capacity = wanted < dom.max_capacity() ? wanted : dom.max_capacity();
  if (auto error = dom.doc.allocate(capacity)) return error;
  return dom.allocate(capacity, parser->depth);
}

ockham_json_tape failure(simdjson::error_code error) { return {status_of(error), nullptr, 0, nullptr, 0}; }

}  // namespace

extern "C" size_t ockham_json_padding(void) { return simdjson::SIMDJSON_PADDING; }

extern "C" ockham_json_parser *ockham_json_parser_create(size_t capacity_bytes, size_t depth) {
  return new (std::nothrow) ockham_json_parser(capacity_bytes, depth);
}

extern "C" void ockham_json_parser_destroy(ockham_json_parser *parser) { delete parser; }

extern "C" ockham_json_tape ockham_json_parse(ockham_json_parser *parser, const uint8_t *bytes, size_t length) {
  if (auto error = reserve(parser, length)) return failure(error);
  simdjson::dom::element root;
  auto error = parser->dom.parse(bytes, length, false).get(root);
  if (error) return failure(error);
  const auto &document = parser->dom.doc;
  const uint64_t *words = document.tape.get();
  const size_t word_count = size_t(words[0] & 0xFFFFFFFFu);
  return {OCKHAM_JSON_OK, words, word_count, document.string_buf.get(), string_capacity_of(document.capacity())};
}
