// The libraries print what they send and get when the environment asks for it, to where the agent reads commands: a header of a
// service, or of anybody in its place, could then be one. What this task says with System.Debug is enough.
for (const name of ["AZURE_LOG_LEVEL", "TYPESPEC_RUNTIME_LOG_LEVEL", "DEBUG"]) delete process.env[name];
