// Command listener is an agent of Azure Pipelines for jobs of scripts. It knows the services by the agent's documented
// protocol only and shares nothing with the simulator that it is tried against. Laid out as the agent is: bin/Agent.Listener
// and, under the name bin/Agent.Worker, the process that a job runs in. Configured by the agent's three files.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Exit codes of the agent.
const (
	success         = 0
	terminatedError = 1
	retryableError  = 2
)

func say(format string, words ...any) {
	fmt.Printf("%s: %s\n", time.Now().UTC().Format("2006-01-02 15:04:05Z"), fmt.Sprintf(format, words...))
}

// The folder that the agent is unpacked in.
func root() string {
	file, err := os.Executable()
	if err != nil {
		return "."
	}
	return filepath.Dir(filepath.Dir(file))
}

func main() {
	if strings.HasPrefix(filepath.Base(os.Args[0]), "Agent.Worker") {
		os.Exit(work())
	}
	os.Exit(listen())
}

func listen() int {
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	agent, err := readConfiguration(root())
	if err != nil {
		say("The agent is not configured: %v", err)
		return terminatedError
	}
	err = newListener(agent).run(stop)
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return success
	case isOf(err, "TaskAgentAccessTokenExpiredException"):
		say("The agent's token is revoked: %v", err)
		return success
	case errors.Is(err, errNoSession):
		say("%v", err)
		return terminatedError
	}
	say("The listener ends: %v", err)
	return retryableError
}
