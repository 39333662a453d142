// npm run test:faults -- [--story S] [--request R] [--answer A] [--sample N] [--seed S] [--every] [--lanes L] [--logs]
import { parseArgs } from "node:util";
import { answered, asked, named } from "../../test/task/fault-matrix/cell.ts";
import { allCells, everyCell, playAll, type Result, sample } from "../../test/task/fault-matrix/matrix.ts";
import { describeMatrix } from "../../test/task/fault-matrix/print.ts";

const { values } = parseArgs({
  options: {
    story: { type: "string" },
    request: { type: "string" },
    answer: { type: "string" },
    sample: { type: "string" },
    seed: { type: "string", default: "1" },
    lanes: { type: "string", default: "6" },
    every: { type: "boolean", default: false },
    logs: { type: "boolean", default: false },
  },
});

const all = values.every ? everyCell : allCells;
const chosen = all.filter(
  (cell) =>
    (values.story ?? cell.story) === cell.story &&
    (values.request ?? asked(cell)) === asked(cell) &&
    (values.answer ?? answered(cell)) === answered(cell),
);
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
