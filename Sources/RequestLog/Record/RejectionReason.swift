/// Why a record was rejected: what summaries count by. The raw value is the name in reports.
package enum RejectionReason: String, Sendable, Hashable, CaseIterable {
  /// Bytes that are not UTF-8, or an escaped surrogate without its partner.
  case invalidUTF8 = "invalid_utf8"
  /// Not JSON.
  case invalidJSON = "invalid_json"
  /// The last line has no end and is not JSON: the file was probably cut.
  case truncated
  /// JSON, but not an object.
  case notAnObject = "not_an_object"
  /// Nested deeper than ``JSONDocument/maximumDepth``.
  case tooDeep = "too_deep"
  /// Longer than the limit for one record.
  case tooLong = "too_long"
  /// A number that JSON or 64 bits cannot hold.
  case invalidNumber = "invalid_number"
  /// NaN or an infinity.
  case notFinite = "not_finite"
  /// A known key twice in one object.
  case duplicateKey = "duplicate_key"
  /// The id of an earlier record.
  case duplicateID = "duplicate_id"
  /// Neither `prompt` nor `messages`.
  case missingRequest = "missing_request"
  /// Both `prompt` and `messages`.
  case ambiguousRequest = "ambiguous_request"
  /// A prompt of nothing but white space.
  case emptyPrompt = "empty_prompt"
  /// Messages without any text of a user.
  case noUserText = "no_user_text"
  /// An array that must hold something is empty.
  case emptyArray = "empty_array"
  /// A value of the wrong JSON type.
  case wrongType = "wrong_type"
  /// A number outside its range.
  case outOfRange = "out_of_range"
  /// A required field is absent.
  case missingField = "missing_field"
  /// A message role that is not known.
  case unknownRole = "unknown_role"
  /// A tier that is not in the list of tiers, or that served and is not among the record's own.
  case unknownTier = "unknown_tier"
  /// An origin of an outcome that is not known.
  case unknownOrigin = "unknown_origin"
  /// A response format that is not known.
  case unknownFormat = "unknown_format"
  /// Not an ISO 8601 date or date-time.
  case invalidTimestamp = "invalid_timestamp"
  /// Features of another schema or of other options than the reader needs, or without the text that it needs.
  case incompatibleFeatures = "incompatible_features"
  /// A name or id that is empty or holds U+0000.
  case invalidName = "invalid_name"
}
