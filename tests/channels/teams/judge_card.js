// Judges Adaptive Cards with Microsoft's own renderer. In: the folder of its package, and a JSON list on stdin.
const path = require("node:path");
const fs = require("node:fs");
const { AdaptiveCard, SerializationContext, Versions } = require(path.join(process.argv[2], "dist/adaptivecards.js"));

const problems = (sent) => {
  const context = new SerializationContext(Versions.v1_5);
  const card = new AdaptiveCard();
  card.parse(sent, context);
  const found = Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at).message);
  return found.concat(card.validateProperties().validationEvents.map((event) => event.message));
};
// Twice: the package checks "lang" with a global regular expression, which refuses every second good value.
const judge = (sent) => {
  const again = problems(sent);
  return problems(sent).filter((problem) => again.includes(problem));
};
process.stdout.write(JSON.stringify(JSON.parse(fs.readFileSync(0, "utf8")).map(judge)));
