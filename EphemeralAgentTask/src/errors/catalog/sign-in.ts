// Errors of signing in to Azure, each with the step that helps: part of 2xx.
import type { CatalogEntry } from "./catalog-entry.ts";

export const signIn = {
  EA201: {
    title: "The secret of the service connection has expired or is wrong.",
    next: "Create a new client secret for the app registration in Entra and put it into the service connection (Project settings > Service connections); or convert the connection to workload identity federation, which has no secret.",
  },
  EA210: {
    title: "The service connection's federation does not match the pipeline's token.",
    next: "Compare issuer, subject and audience in the cause with the federated credential of the app registration (or managed identity) in Entra; the service connection's page in the project settings shows what they must be. They are case-sensitive.",
  },
  EA211: {
    title: "The service connection's certificate has expired or is unknown.",
    next: "Upload a valid certificate to the app registration in Entra, and put the same certificate with its key into the service connection.",
  },
  EA221: {
    title: "A conditional access policy blocks the sign-in.",
    next: "Ask an Entra administrator to look at the sign-in (Entra > Sign-in logs > Service principal sign-ins > Conditional Access): the policy must allow this identity, or the public address of the machine that runs this step. No credential has to be changed.",
  },
  EA222: {
    title: "The tenant does not know the service connection's application.",
    next: "Compare application (client) id and tenant id of the service connection with the app registration in Entra. It may have been deleted, or belong to another tenant; then create a new service connection.",
  },
  EA223: {
    title: "The tenant of the service connection is wrong.",
    next: "Compare the tenant id of the service connection with the subscription's (az account show --subscription SUBSCRIPTION_ID --query tenantId), and the connection's cloud with the tenant's.",
  },
  EA224: {
    title: "The service connection's application is disabled.",
    next: "Ask an Entra administrator to enable it again: Entra > Enterprise applications > the application named in the cause > Properties > Enabled for users to sign-in.",
  },
  EA225: {
    title: "The assertion of the sign-in has expired or is not valid yet.",
    next: "Set the clock of the machine that runs this step (it must differ from the real time by less than five minutes), then run again. Nothing in the service connection has to be changed.",
  },
  EA226: {
    title: "Microsoft Entra ID could not check the pipeline's token with its issuer.",
    next: "Run again: it could not read the issuer's keys at that moment. If the problem persists, compare the issuer of the federated credential in Entra with the service connection's page, and look at the Azure DevOps status page.",
  },
  EA227: {
    title: "The machine that runs this step returned no token for its managed identity.",
    next: "Run the step on an Azure machine that has the identity (az vm identity assign --ids VM_ID --identities IDENTITY_ID), and check the identity's client id in the service connection. Microsoft-hosted agents have none. This connection has no secret.",
  },
  EA228: {
    title: "Microsoft Entra ID refused the service connection's sign-in.",
    next: "Look up the AADSTS number in the cause at https://login.microsoftonline.com/error, and the sign-in in Entra > Sign-in logs > Service principal sign-ins; then open the service connection in the project settings and verify it.",
  },
  EA229: {
    title: "Azure did not accept the token of the service connection's identity.",
    next: "Check the clock of the machine that runs this step, and that the connection's cloud and tenant are the subscription's; then open the service connection in the project settings and verify it.",
  },
} as const satisfies Record<string, CatalogEntry>;
