// Asks the reference reader of opening_hours what it makes of hours at some moments.
//
// In: lines of JSON, {"hours": text, "moments": [milliseconds since 1970]}.
// Out: a line for each, {"states": [[state, next change or null]]} or {"problem": text}.
// The zone is that of the process (TZ).
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const OpeningHours = createRequire(process.argv[2])("opening_hours");
const place = {
  lat: 53.4,
  lon: -2.98,
  address: { country_code: "gb", country: "United Kingdom", state: "England" },
};
console.log = console.warn = console.info = () => undefined; // it comments while it reads

function answer({ hours, moments }) {
  try {
    const reader = new OpeningHours(hours, place, { locale: "en" });
    const states = moments.map((moment) => {
      const when = new Date(moment);
      const next = reader.getNextChange(when);
      return [reader.getStateString(when), next === undefined ? null : next.getTime()];
    });
    return { states };
  } catch (error) {
    return { problem: String(error).split("\n")[0] };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}
