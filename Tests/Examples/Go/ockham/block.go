package ockham

/*
#include <ockham.h>
#include <stdlib.h>

static void set_message(ockham_message *messages, size_t index, const char *text, size_t bytes, int32_t role) {
  ockham_message message = {text, bytes, role};
  messages[index] = message;
}

static void set_tool(ockham_tool *tools, size_t index, const char *name, size_t bytes) {
  ockham_tool tool = {name, bytes};
  tools[index] = tool;
}
*/
import "C"

import "unsafe"

// block is a request's texts in C memory. C may not be given Go memory that holds Go pointers.
type block struct {
	messages *C.ockham_message
	tools    *C.ockham_tool
	texts    []byte
	start    unsafe.Pointer
	used     int
}

func newBlock(request *Request) *block {
	bytes := 1
	for _, message := range request.Messages {
		bytes += len(message.Text)
	}
	for _, name := range request.Tools {
		bytes += len(name)
	}
	made := &block{start: C.malloc(C.size_t(bytes))}
	made.texts = unsafe.Slice((*byte)(made.start), bytes)
	made.messages = (*C.ockham_message)(C.malloc(C.size_t(len(request.Messages)+1) * C.sizeof_ockham_message))
	made.tools = (*C.ockham_tool)(C.malloc(C.size_t(len(request.Tools)+1) * C.sizeof_ockham_tool))
	for index, message := range request.Messages {
		text, count := made.copy(message.Text)
		C.set_message(made.messages, C.size_t(index), text, count, C.int32_t(message.Role))
	}
	for index, name := range request.Tools {
		text, count := made.copy(name)
		C.set_tool(made.tools, C.size_t(index), text, count)
	}
	return made
}

func (made *block) copy(text string) (*C.char, C.size_t) {
	place := (*C.char)(unsafe.Add(made.start, made.used))
	made.used += copy(made.texts[made.used:], text)
	return place, C.size_t(len(text))
}

func (made *block) request(from *Request) C.ockham_request {
	return C.ockham_request{
		struct_bytes: C.sizeof_ockham_request,
		messages:     made.messages, message_count: C.size_t(len(from.Messages)),
		tools: made.tools, tool_count: C.size_t(len(from.Tools)),
		tool_schema_bytes: C.int64_t(from.ToolSchemaBytes), response_schema_bytes: C.int64_t(from.ResponseSchemaBytes),
		image_count: C.int64_t(from.ImageCount), maximum_output_tokens: C.int64_t(from.MaximumOutputTokens),
		response_format: C.int32_t(from.ResponseFormat),
	}
}

func (made *block) free() {
	C.free(made.start)
	C.free(unsafe.Pointer(made.messages))
	C.free(unsafe.Pointer(made.tools))
}
