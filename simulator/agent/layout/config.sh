#!/bin/bash
# Registration by the container is not simulated yet: this agent is registered by whoever starts it.
echo "config.sh is not supported by this stand-in agent." >&2
exit 1
