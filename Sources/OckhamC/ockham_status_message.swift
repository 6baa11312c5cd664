// The names are those of C.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import COckham

/// `ockham_status_message` of `ockham.h`.
@c @implementation public func ockham_status_message(_ status: ockham_status) -> UnsafePointer<CChar>? {
  unsafe UnsafeRawPointer(message(status).utf8Start).assumingMemoryBound(to: CChar.self)
}

private func message(_ status: ockham_status) -> StaticString {
  switch Int(status) {
  case Int(OCKHAM_OK): "ok"
  case Int(OCKHAM_NULL_ARGUMENT): "a handle or pointer that is needed is NULL"
  case Int(OCKHAM_BAD_STRUCT): "struct_bytes is too small; set it to sizeof the struct"
  case Int(OCKHAM_BAD_MODEL): "the model file was refused; the detail says why"
  case Int(OCKHAM_BAD_REQUEST): "a role, format or count of the request is out of range"
  case Int(OCKHAM_BAD_POLICY): "the policy does not fit the model; the detail says why"
  case Int(OCKHAM_BUFFER_TOO_SMALL): "the buffer has fewer elements than the router has tiers"
  case Int(OCKHAM_BAD_TIER): "expected two tiers of the router, the upper one above the lower one"
  case Int(OCKHAM_NOTHING_SCORED): "nothing was scored with this scratch yet"
  case Int(OCKHAM_NO_RESPONSE_HEAD): "the model has no head for responses of this tier"
  default: "unknown status"
  }
}
