/** What can be done with an answer's text without a page. */
import { datum } from "./texts";
import type { Answer, Line, Turn } from "./types";

export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/**
 * Markdown in which every line of plain text is a paragraph of its own, as the answers mean it: neither joined to the
 * line before nor, below a list, to its last item. Lines of one list, table or quotation stay together.
 */
export function apart(text: string): string {
  const kind = (line: string): string => /^(?:[-*+>](?=\s)|\||\d+[.)](?=\s)|\s|$)/.exec(line)?.[0].replace(/\d+/, "1") ?? "text";
  return text.replace(/^(.*)\n(?=(.*))/gm, (_, line: string, next: string) => {
    const together = [kind(line), ""].includes(kind(next)) || /^\s/.test(next) || !line.trim();
    return together && !(kind(line) === "text" && kind(next) === "text") ? `${line}\n` : `${line}\n\n`;
  });
}

/** The same text without Markdown's signs. */
export function bare(text: string): string {
  return text
    .replace(/\*\*([^*]+)\*\*/g, "$1")
    .replace(/(^|[\s(])_([^_]+)_(?=$|[\s).,;:!?])/gm, "$1$2")
    .replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, "$1 ($2)");
}

/** The contract's fields of a reply. */
export function answerOf(lines: readonly Line[]): Answer | undefined {
  return lines.find((line) => line.custom)?.custom?.answer;
}

/** A reply as plain text, its sources below it. */
export function replyText(lines: readonly Line[]): string {
  const said = lines.map((line) => bare(line.text ?? "")).filter(Boolean);
  const sources = answerOf(lines)?.sources ?? [];
  const from = sources.map((source) => `- ${source.title}, ${source.section} (${datum(source.date)})`);
  return [...said, ...(from.length ? [`Bronnen:\n${from.join("\n")}`] : [])].join("\n\n");
}

/** A conversation as plain text. */
export function talkText(turns: readonly Turn[]): string {
  return turns.map((turn) => `Jij: ${turn.question}\n\nAssistent: ${replyText(turn.lines) || "-"}`).join("\n\n---\n\n");
}

/** Text in lines of at most `most` characters, for drawings. */
export function wrap(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + word.length < most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A file name out of a title. */
export function fileName(title: string): string {
  const plain = title.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "overzicht";
}
