// Command route routes requests and prints each decision to the last bit: route MODEL REQUESTS.jsonl
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"

	"example.org/route/ockham"
)

type line struct {
	ID       string
	Messages []struct {
		Role, Content string
	}
	Tools               []struct{ Name string }
	ToolSchemaBytes     int64                 `json:"tool_schema_bytes"`
	ResponseFormat      struct{ Type string } `json:"response_format"`
	ResponseSchemaBytes int64                 `json:"response_schema_bytes"`
	ImageCount          int64                 `json:"image_count"`
	MaxTokens           int64                 `json:"max_tokens"`
}

var roles = map[string]ockham.Role{
	"system": ockham.System, "user": ockham.User, "assistant": ockham.Assistant, "tool": ockham.Tool,
}

var formats = map[string]ockham.Format{"json_object": ockham.JSONObject, "json_schema": ockham.JSONSchema}

func (from *line) request() *ockham.Request {
	request := &ockham.Request{
		ToolSchemaBytes: from.ToolSchemaBytes, ResponseSchemaBytes: from.ResponseSchemaBytes,
		ResponseFormat: formats[from.ResponseFormat.Type], ImageCount: from.ImageCount, MaximumOutputTokens: from.MaxTokens,
	}
	for _, message := range from.Messages {
		request.Messages = append(request.Messages, ockham.Message{Role: roles[message.Role], Text: message.Content})
	}
	for _, tool := range from.Tools {
		request.Tools = append(request.Tools, tool.Name)
	}
	return request
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	model, err := os.ReadFile(os.Args[1])
	check(err)
	router, err := ockham.Load(model)
	check(err)
	scratch, err := router.NewScratch()
	check(err)
	file, err := os.Open(os.Args[2])
	check(err)
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var next line
		check(json.Unmarshal(lines.Bytes(), &next))
		decision, err := scratch.Route(next.request())
		check(err)
		print(next.ID, decision)
	}
}

func print(id string, made ockham.Decision) {
	var bits []string
	for _, probability := range made.Probabilities {
		bits = append(bits, fmt.Sprintf("%08x", math.Float32bits(probability)))
	}
	fmt.Printf("%s %s %s %s gain=%08x threshold=%08x p=%s usd=%016x\n", id, made.Tier, made.Reason, made.Task,
		math.Float32bits(made.Gain), math.Float32bits(made.Threshold), strings.Join(bits, ","),
		math.Float64bits(made.ExpectedCostUSD))
}
