// Reads [{"name", "html"}, ...] from standard input and writes what is wrong: [{"name", "line", "column", "rule",
// "message"}, ...]. One call for all pages: starting takes longer than validating.
import { HtmlValidate, StaticConfigLoader } from "html-validate";
import rules from "./rules.js";

let input = "";
for await (const chunk of process.stdin.setEncoding("utf-8")) input += chunk;

const validator = new HtmlValidate(new StaticConfigLoader(rules));
const found = [];
for (const { name, html } of JSON.parse(input)) {
  const report = await validator.validateString(html, `${name}.html`);
  for (const { messages } of report.results)
    for (const { line, column, ruleId, message } of messages) found.push({ name, line, column, rule: ruleId, message });
}
process.stdout.write(JSON.stringify(found));
