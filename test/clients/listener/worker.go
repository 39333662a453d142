package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// The tasks that are scripts; every other one would have to be downloaded, and is refused.
var scripts = map[string][]string{"bash": nil, "cmdline": {"--noprofile", "--norc"}}

var (
	macro  = regexp.MustCompile(`\$\(([\w.-]+)\)`)
	output = regexp.MustCompile(`^##vso\[task\.setvariable ([^\]]*)\](.*)$`)
)

// A job in its own process: told what it is by the first line of its input, tells its result by its output.
func work() int {
	input := bufio.NewReader(os.Stdin)
	line, err := input.ReadBytes('\n')
	if err != nil {
		return terminatedError
	}
	var given assignment
	message := &jobMessage{}
	if json.Unmarshal(line, &given) != nil || json.Unmarshal(given.Message, message) != nil {
		return terminatedError
	}
	// By this file somebody outside tells that a job was here.
	diag := os.Getenv("WORKER_DIAGLOGPATH")
	if diag == "" {
		diag = filepath.Join(root(), "_diag")
	}
	_ = os.MkdirAll(diag, 0o755)
	name := fmt.Sprintf("Worker_%s-utc.log", time.Now().UTC().Format("20060102-150405"))
	_ = os.WriteFile(filepath.Join(diag, name), []byte(message.JobDisplayName+"\n"), 0o600)

	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		if asked, err := input.ReadString('\n'); err != nil || strings.TrimSpace(asked) == "cancel" {
			cancel()
		}
	}()
	reporter, err := newReporter(message, given)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return terminatedError
	}
	result := (&worker{message: message, reporter: reporter}).run(ctx)
	if err := reporter.complete(result); err != nil {
		fmt.Fprintln(os.Stderr, "The end of the job could not be told:", err)
		return retryableError
	}
	fmt.Println(result)
	return success
}

type worker struct {
	message  *jobMessage
	reporter *reporter
}

func (w *worker) run(ctx context.Context) string {
	result := "succeeded"
	w.reporter.begin(ctx)
	for index, each := range w.message.Steps {
		if !each.Enabled {
			continue
		}
		if ctx.Err() != nil {
			result = "canceled"
		}
		record := w.reporter.step(each, index+1)
		switch {
		case !goesOn(each.Condition, result):
			record.complete("skipped", nil)
		default:
			ended, outputs := w.carryOut(ctx, each, record)
			record.complete(ended, outputs)
			if ended == "failed" && !each.ContinueOnError {
				result = "failed"
			}
		}
	}
	if ctx.Err() != nil {
		return "canceled"
	}
	return result
}

func goesOn(condition, result string) bool {
	switch strings.ToLower(strings.ReplaceAll(condition, " ", "")) {
	case "always()":
		return true
	case "succeededorfailed()":
		return result != "canceled"
	case "failed()":
		return result == "failed"
	}
	return result == "succeeded"
}

// Runs a script step as its task does. Returns its result and the output variables that it set.
func (w *worker) carryOut(ctx context.Context, each step, record *stepRecord) (string, map[string]variable) {
	options, known := scripts[strings.ToLower(each.Reference.Name)]
	if !known || !strings.EqualFold(each.Type, "task") {
		record.say(fmt.Sprintf("##[error]The step %s of type '%s' is not a script.", each.Reference.Name, each.Type))
		return "failed", nil
	}
	file, err := os.CreateTemp("", "*.sh")
	if err != nil {
		record.say("##[error]" + err.Error())
		return "failed", nil
	}
	defer os.Remove(file.Name())
	fmt.Fprintln(file, w.expand(input(each, "script")))
	file.Close()
	command := exec.Command("bash", append(options, file.Name())...)
	command.Env, command.Dir = w.environment(each), workFolder()
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	pipe, err := command.StdoutPipe()
	if err != nil {
		return "failed", nil
	}
	command.Stderr = command.Stdout
	if err := command.Start(); err != nil {
		record.say("##[error]" + err.Error())
		return "failed", nil
	}
	ended := make(chan struct{})
	go func() {
		select {
		case <-ctx.Done():
			_ = syscall.Kill(-command.Process.Pid, syscall.SIGTERM)
			select {
			case <-ended:
			case <-time.After(2500 * time.Millisecond):
				_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
			}
		case <-ended:
		}
	}()
	outputs := map[string]variable{}
	for lines := bufio.NewScanner(pipe); lines.Scan(); {
		if set := output.FindStringSubmatch(lines.Text()); set != nil {
			w.set(set[1], set[2], outputs)
			continue
		}
		record.say(lines.Text())
	}
	err = command.Wait()
	close(ended)
	switch {
	case ctx.Err() != nil:
		record.say("##[error]The operation was canceled.")
		return "canceled", outputs
	case err != nil:
		record.say("##[error]Bash " + err.Error())
		return "failed", outputs
	}
	return "succeeded", outputs
}

// Variables that the script sets count from then on; outputs are for other jobs.
func (w *worker) set(properties, value string, outputs map[string]variable) {
	found := map[string]string{}
	for _, property := range strings.Split(properties, ";") {
		name, text, _ := strings.Cut(strings.TrimSpace(property), "=")
		found[strings.ToLower(name)] = text
	}
	given := variable{Value: value, IsSecret: strings.EqualFold(found["issecret"], "true")}
	if given.IsSecret {
		w.reporter.hide(value)
	}
	w.message.Variables[found["variable"]] = given
	if strings.EqualFold(found["isoutput"], "true") {
		outputs[found["variable"]] = given
	}
}

func (w *worker) expand(text string) string {
	return macro.ReplaceAllStringFunc(text, func(found string) string {
		name := macro.FindStringSubmatch(found)[1]
		for each, known := range w.message.Variables {
			if strings.EqualFold(each, name) {
				return known.Value
			}
		}
		return found
	})
}

func (w *worker) environment(each step) []string {
	environment := os.Environ()
	for name, known := range w.message.Variables {
		if !known.IsSecret {
			environment = append(environment, strings.ToUpper(strings.NewReplacer(".", "_", " ", "_").Replace(name))+"="+known.Value)
		}
	}
	environment = append(environment, "AGENT_NAME="+w.reporter.agentName)
	for name, value := range each.Environment {
		environment = append(environment, name+"="+w.expand(value))
	}
	return environment
}

func input(each step, name string) string {
	for key, value := range each.Inputs {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return ""
}

func workFolder() string {
	folder := filepath.Join(root(), "_work", "1", "s")
	_ = os.MkdirAll(folder, 0o755)
	return folder
}
