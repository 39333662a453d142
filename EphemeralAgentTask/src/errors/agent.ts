// What becomes of the container and the agent in it: 6xx.
import type { CatalogueEntry } from "../errors.ts";

export const agent = {
  EA601: {
    title: "The container ended before the agent was online.",
    next: "Read the container log above; the cause quotes its last words.",
  },
  EA602: {
    title: "The agent did not come online in time.",
    next: "Read the container log and events above. Common causes: the subnet has no way out to Azure DevOps (NAT gateway, firewall, DNS), or the image is large: raise timeoutAgentOnline.",
  },
  EA603: {
    title: "The container group could not be started.",
    next: "Read the events above; they are all that Azure tells about it.",
  },
  EA604: {
    title: "The container group disappeared.",
    next: "Something else deleted it: look at the activity log of the resource group.",
  },
  EA605: {
    title: "The agent's record disappeared from the pool.",
    next: "Something else removed it: look at the pool's agents and at other clean-up jobs.",
  },
  EA606: {
    title: "The container ended while the job was running on it.",
    next: "Read the exit code and the container log above. Exit code 137 usually means out of memory: raise memory.",
  },
  EA607: {
    title: "The container ended while its agent waited for a job.",
    next: "Read the container log above; the cause quotes its last words.",
  },
  EA608: {
    title: "The container was killed, most likely because it ran out of memory.",
    next: "Raise memory: the agent alone needs about 1 GB, and a little of it is the platform's own.",
  },
  EA609: {
    title: "The image is made for another processor.",
    next: "Build the image for linux/amd64 (docker build --platform linux/amd64): Azure Container Instances runs no other.",
  },
  EA610: {
    title: "The image has no /bin/bash, which the agent's start script needs.",
    next: "Use an image that is based on Debian, Ubuntu or Azure Linux, or add bash to yours. On Alpine bash alone does not help: the agent needs glibc.",
  },
  EA611: {
    title: "The container cannot resolve the names of Azure DevOps.",
    next: "Set dnsServers to servers that resolve public names, and check that the subnet reaches them: container instances do not inherit the virtual network's own.",
  },
  EA612: {
    title: "The container cannot reach Azure DevOps.",
    next: "Give the subnet a way out (NAT gateway) and let its firewall and network security group pass port 443 to the organization's hosts, or set agentProxyUrl.",
  },
  EA613: {
    title: "The container's clock differs from that of Azure DevOps by more than five minutes.",
    next: "Run the step again: another machine of Azure is likely to have the right time. An image that sets a time of its own must not.",
  },
  EA614: {
    title: "Azure DevOps refused the agent.",
    next: "Check that nothing removes or replaces records of the pool while the agent starts, and that policies of the organization (IP addresses, conditional access) let the subnet's public address in. With agentRegistration: container, check the token.",
  },
  EA615: {
    title: "The container does not trust the certificate that it was shown.",
    next: "Put the certificate of the inspecting proxy, or of your own server's authority, into agentCaBundle; an image without any needs its package ca-certificates.",
  },
  EA616: {
    title: "Azure has not started the container yet.",
    next: "Azure tells the reason only when it gives up, up to 30 minutes later: raise timeoutAgentOnline to wait for it. Usual causes: a large image, or a registry that does not give it (use a smaller image or a registry in the same region; check its firewall and credentials), or a busy region (set fallbacks).",
  },
  EA617: {
    title: "Azure lost the machine that the container ran on.",
    next: "Run the job again: its agent was lost with the machine. Azure repairs such a group by itself, but not the agent in it.",
  },
  EA618: {
    title: "The container group was stopped by somebody else.",
    next: "Look at the activity log of the resource group for who stopped it, and leave groups of agents out of clean-up jobs that stop or restart groups.",
  },
  EA619: {
    title: "The image lacks programs that the agent's start script needs.",
    next: "Add the named programs to the image: the packages bash, coreutils, tar, gzip and curl have them all.",
  },
  EA620: {
    title: "The image is built on musl, and the agent does not run on that.",
    next: "Use an image that is based on Debian, Ubuntu or Azure Linux instead of Alpine, or unpack the agent's own package for musl (vsts-agent-linux-musl-x64) at /azp/agent in the image.",
  },
  EA621: {
    title: "The image lacks a library that the agent needs.",
    next: "Add to the image what the agent's bin/installdependencies.sh installs: ICU (libicu), OpenSSL (libssl), Kerberos (libkrb5) and zlib.",
  },
  EA622: {
    title: "The container's disk is full.",
    next: "Use a smaller image, or give the agent's work more room: a volume in volumes, and a folder in it as workFolder.",
  },
} as const satisfies Record<string, CatalogueEntry>;
