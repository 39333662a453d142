// npm run test:faults -- [--story S] [--request R] [--answer A] [--sample N] [--seed S] [--every] [--lanes L] [--logs]
import { answered, asked, named } from "../../test/task/fault-matrix/cell.ts";
import { allCells, everyCell, playAll, type Result, sample } from "../../test/task/fault-matrix/matrix.ts";
import { describeMatrix } from "../../test/task/fault-matrix/print.ts";
import { commandOptions } from "../command-options.ts";

const values = commandOptions("npm run test:faults --", {
  story: { type: "string", value: "STORY" },
  request: { type: "string", value: "REQUEST" },
  answer: { type: "string", value: "ANSWER" },
  sample: { type: "string", value: "N", from: 1 },
  seed: { type: "string", value: "N", default: "1", from: 0 },
  lanes: { type: "string", value: "N", default: "6", from: 1 },
  every: { type: "boolean" },
  logs: { type: "boolean" },
});

const all = values.every ? everyCell : allCells;
const chosen = all.filter(
  (cell) =>
    (values.story ?? cell.story) === cell.story &&
    (values.request ?? asked(cell)) === asked(cell) &&
    (values.answer ?? answered(cell)) === answered(cell),
);
if (chosen.length === 0) {
  console.error("No cell of the matrix is what --story, --request and --answer name.");
  process.exit(2);
}
const seed = Number(values.seed);
const cells = values.sample ? sample(chosen, Number(values.sample), seed) : chosen;
console.log(`${cells.length} of ${all.length} cells, seed ${seed}`);
const began = performance.now();
const results: Result[] = [];
await playAll(cells, Number(values.lanes), seed, (result) => {
  results.push(result);
  for (const wrong of result.wrong) console.log(`${named(result.cell)}: ${wrong}`);
  if (values.logs && result.wrong.length > 0) console.log(result.log);
  if (results.length % 10 === 0) {
    console.log(`… ${results.length} cells, ${Math.round((performance.now() - began) / 1000)} s`);
  }
});
console.log(describeMatrix(results));
console.log(`${Math.round((performance.now() - began) / 1000)} s`);
process.exit(results.some(({ wrong }) => wrong.length > 0) ? 1 : 0);
