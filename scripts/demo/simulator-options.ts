// What the demo's simulator is started with.
import type { EngineChoice } from "../../simulator/containers/choose-engine.ts";
import type { SimulatorOptions } from "../../simulator/start-simulator.ts";
import type { DemoArguments } from "./arguments.ts";

/**
 * @param engine what runs the containers
 * @param asked on the command line
 */
export const simulatorOptions = (engine: EngineChoice, { pace }: Pick<DemoArguments, "pace">): SimulatorOptions => ({
  engine,
  ...(pace && { azure: { pace } }),
});
