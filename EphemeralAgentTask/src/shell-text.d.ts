// Types for shell scripts that the build inlines as text.

/** The build inlines shell scripts as text. */
declare module "*.sh" {
  const text: string;
  export default text;
}
