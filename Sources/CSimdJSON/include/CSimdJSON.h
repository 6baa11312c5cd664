#ifndef OCKHAM_CSIMDJSON_H
#define OCKHAM_CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A reusable JSON parser: owns the tape and the string buffer of the document that it parsed last.
typedef struct ockham_json_parser ockham_json_parser;

/// Why a text is not a JSON document, as far as a caller can distinguish the reasons.
typedef enum ockham_json_status {
  OCKHAM_JSON_OK = 0,
  OCKHAM_JSON_EMPTY,
  OCKHAM_JSON_SYNTAX,
  OCKHAM_JSON_UTF8,
  OCKHAM_JSON_STRING,
  OCKHAM_JSON_NUMBER,
  OCKHAM_JSON_DEPTH,
  OCKHAM_JSON_CAPACITY,
  OCKHAM_JSON_MEMORY
} ockham_json_status;

/// The outcome of a parse: the simdjson tape (see simdjson's doc/tape.md) and the strings that it points into.
///
/// Both arrays belong to the parser and live until its next parse or its destruction. They are null, with length 0,
/// unless `status` is OCKHAM_JSON_OK.
typedef struct ockham_json_tape {
  ockham_json_status status;
  /// Root word, elements in document order, root word.
  const uint64_t *words;
  size_t word_count;
  /// Per string: its length in 4 bytes of native order, its unescaped bytes, a zero byte.
  const uint8_t *strings;
  /// Bytes that `strings` has room for.
  size_t string_capacity;
} ockham_json_tape;

/// The bytes after the end of a text that must be readable, whatever they hold.
size_t ockham_json_padding(void);

/// Makes a parser for texts of at most `capacity_bytes` bytes (less than 4 GiB), nested at most `depth` deep.
/// Null when there is no memory for it.
ockham_json_parser *ockham_json_parser_create(size_t capacity_bytes, size_t depth);

/// Frees a parser and the tape of its last document.
void ockham_json_parser_destroy(ockham_json_parser *parser);

/// Parses `length` bytes. `ockham_json_padding()` bytes after them must be readable.
ockham_json_tape ockham_json_parse(ockham_json_parser *parser, const uint8_t *bytes, size_t length);

#ifdef __cplusplus
}
#endif

#endif
