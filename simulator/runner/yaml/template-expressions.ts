import type { Node } from "yaml";
import { evaluateText } from "../../worker/expression/evaluate.ts";
import { ExpressionError } from "../../worker/expression/parse.ts";
import type { VariableDefinition } from "../pipeline.ts";
import type { YamlSource } from "./source.ts";

/** `parameters:` with their defaults: a run started by hand gets those. */
export function readParameters(source: YamlSource, node: Node): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const item of source.list(node, "parameters")) {
    let name = "";
    let value: string | undefined;
    source.map(item, "a parameter", {
      name: (child) => {
        name = source.text(child, "name of a parameter");
      },
      displayName: () => undefined,
      type: (child) => {
        const type = source.text(child, "type of a parameter");
        if (!["string", "number", "boolean"].includes(type))
          source.problem(child, `parameters of type '${type}' are not supported here`);
      },
      values: () => undefined,
      default: (child) => {
        value = source.text(child, "default of a parameter");
      },
    });
    if (value === undefined) source.problem(item, `the parameter '${name}' needs a default here`);
    parameters[name] = value ?? "";
  }
  return parameters;
}

/**
 * Expands `${{ }}` in every text read from now on, out of the parameters and the variables at the root: the service
 * does this before a run exists, so nothing of a run can be seen.
 */
export function templateExpressions(
  source: YamlSource,
  parameters: Readonly<Record<string, string>>,
): { declare(variables: readonly VariableDefinition[]): readonly VariableDefinition[] } {
  const variables: Record<string, string> = {};
  source.expand = (text, line) =>
    text.replace(/\$\{\{(.*?)\}\}/gs, (whole, expression: string) => {
      try {
        return evaluateText(expression, { values: { parameters, variables }, functions: {} });
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        source.refuse({ line, message: `${whole}: ${error.message}` });
        return whole;
      }
    });
  return {
    declare(declared) {
      for (const { name, value } of declared) variables[name] = value;
      return declared;
    },
  };
}
