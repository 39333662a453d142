// Command clients carries out what it is asked for, a line of JSON each, with the Go clients of Azure and Azure DevOps,
// and answers with what those clients made of the service's answer.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"time"
)

// The longest time one call may take.
const limit = 2 * time.Minute

type request struct {
	ID     int             `json:"id"`
	Method string          `json:"method"`
	Args   json.RawMessage `json:"args"`
}

type response struct {
	ID    int      `json:"id"`
	Value any      `json:"value,omitempty"`
	Error *failure `json:"error,omitempty"`
}

// What a client makes of a refusal: the type of its error and what that carries.
type failure struct {
	Type    string `json:"type"`
	Status  int    `json:"status,omitempty"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message"`
}

type method func(ctx context.Context, args json.RawMessage) (any, error)

// Makes a method of a function with typed arguments.
func of[A any](call func(ctx context.Context, args A) (any, error)) method {
	return func(ctx context.Context, raw json.RawMessage) (any, error) {
		var args A
		if err := json.Unmarshal(raw, &args); err != nil {
			return nil, err
		}
		return call(ctx, args)
	}
}

// The modules that the program was built with, by their path.
func versions(context.Context, json.RawMessage) (any, error) {
	found := map[string]string{}
	if info, ok := debug.ReadBuildInfo(); ok {
		found["go"] = info.GoVersion
		for _, module := range info.Deps {
			found[module.Path] = module.Version
		}
	}
	return found, nil
}

func main() {
	methods := map[string]method{"versions": versions}
	for name, each := range devopsMethods() {
		methods[name] = each
	}
	for name, each := range containerMethods() {
		methods[name] = each
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked request
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		_ = out.Encode(answer(methods, asked))
	}
}

func answer(methods map[string]method, asked request) response {
	call, known := methods[asked.Method]
	if !known {
		return response{ID: asked.ID, Error: &failure{Type: "driver", Message: "no method " + asked.Method}}
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	value, err := call(ctx, asked.Args)
	if err != nil {
		return response{ID: asked.ID, Error: failureOf(err)}
	}
	return response{ID: asked.ID, Value: value}
}
