// Command route routes requests and prints each decision to the last bit: route MODEL REQUESTS.jsonl
//
// A line with a response starts where the model's cascade says, and its response is weighed.
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
	Response            *answer
}

type answer struct {
	Tier, Text     string
	ToolCalls      []struct{ Name, Arguments string } `json:"tool_calls"`
	JSONValid      *bool                              `json:"json_valid"`
	SchemaValid    *bool                              `json:"schema_valid"`
	ToolCallsValid *bool                              `json:"tool_calls_valid"`
	FinishReason   string                             `json:"finish_reason"`
	MeanLogprob    *float32                           `json:"mean_logprob"`
	MinimumLogprob *float32                           `json:"minimum_logprob"`
	LogprobSpread  *float32                           `json:"logprob_spread"`
}

var finishes = map[string]ockham.Finish{
	"stop": ockham.Stop, "length": ockham.Length, "tool_calls": ockham.ToolCalls, "content_filter": ockham.ContentFilter,
}

func (from *answer) response() *ockham.Response {
	response := &ockham.Response{
		Text: from.Text, JSONValid: from.JSONValid, SchemaValid: from.SchemaValid, ToolCallsValid: from.ToolCallsValid,
		FinishReason: finishes[from.FinishReason], MeanLogprob: from.MeanLogprob, MinimumLogprob: from.MinimumLogprob,
		LogprobSpread: from.LogprobSpread,
	}
	for _, call := range from.ToolCalls {
		response.Calls = append(response.Calls, ockham.Call{Name: call.Name, Arguments: call.Arguments})
	}
	return response
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
		if next.Response != nil {
			weigh(router, scratch, &next)
			continue
		}
		decision, err := scratch.Route(next.request())
		check(err)
		print(next.ID, decision)
	}
}

func weigh(router *ockham.Router, scratch *ockham.Scratch, next *line) {
	start, err := scratch.Start(next.request())
	check(err)
	tier := 0
	for names := router.Tiers(); tier < len(names) && names[tier] != next.Response.Tier; {
		tier++
	}
	step, err := scratch.Weigh(next.Response.response(), tier)
	check(err)
	to := "-"
	if step.IsWorthwhile {
		to = step.Tier
	}
	fmt.Printf("%s start=%s answered=%s p=%s next=%s gain=%08x threshold=%08x\n", next.ID, start.Tier, next.Response.Tier,
		bits(step.Probabilities), to, math.Float32bits(step.Gain), math.Float32bits(step.Threshold))
}

func bits(probabilities []float32) string {
	var bits []string
	for _, probability := range probabilities {
		bits = append(bits, fmt.Sprintf("%08x", math.Float32bits(probability)))
	}
	return strings.Join(bits, ",")
}

func print(id string, made ockham.Decision) {
	fmt.Printf("%s %s %s %s gain=%08x threshold=%08x p=%s usd=%016x\n", id, made.Tier, made.Reason, made.Task,
		math.Float32bits(made.Gain), math.Float32bits(made.Threshold), bits(made.Probabilities),
		math.Float64bits(made.ExpectedCostUSD))
}
