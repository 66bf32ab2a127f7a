const plain = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase();

const words = (text: string): string[] => plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/** The suggestions in which every typed word begins a word, at most `most`; none before three letters are typed. */
export function suggest(suggestions: readonly string[], typed: string, most = 5): string[] {
  const wanted = words(typed);
  if (wanted.join("").length < 3) return [];
  return suggestions
    .filter((text) => {
      const has = words(text);
      return plain(text) !== plain(typed.trim()) && wanted.every((word) => has.some((other) => other.startsWith(word)));
    })
    .slice(0, most);
}
