/** Everything the widget itself says to people: plain Dutch (B1, "je"), short. */

export const TEXTS = {
  titel: "Loopbaan-assistent",
  computer: "Je praat met een computerprogramma, niet met een mens.",
  welkom: "Hallo! Stel me een vraag over functies, schalen, competenties of je loopbaan bij de overheid.",
  privacy:
    "Ons gesprek blijft op de server van je eigen organisatie. Noem liever geen namen, nummers of gezondheid. " +
    "Je kunt het gesprek altijd verwijderen, via het menu bovenaan.",
  voorbeelden: "Vraag bijvoorbeeld",
  overPrivacy: "Over je privacy",
  overBronnen: "Waar komen de antwoorden vandaan?",
  mens: "Liever een mens? Ga naar",
  openen: "Stel een loopbaanvraag",
  sluiten: "Sluit het gesprek",
  menu: "Meer mogelijkheden",
  berichten: "Berichten",
  gesprek: "Gesprek",
  jij: "Jij",
  assistent: "Assistent",
  label: "Je vraag",
  uitleg: "Bijvoorbeeld: welke schaal heeft een adviseur?",
  verstuur: "Verstuur",
  suggesties: "Voorstellen",
  zoekt: "De assistent zoekt het op …",
  traag: "Dit duurt wat langer dan gewoonlijk. Even geduld.",
  nogBezig: "Ik ben nog bezig. Je vraag is niet weg.",
  wachtrij: "Je vraag staat klaar. Eerst komt het vorige antwoord.",
  opnieuwBeginnen: "Opnieuw beginnen",
  kopieerGesprek: "Kopieer het gesprek",
  drukGesprekAf: "Druk het gesprek af",
  verwijder: "Verwijder mijn gesprek",
  kopieer: "Kopieer dit antwoord",
  gekopieerd: "Gekopieerd.",
  kopieerMislukt: "Kopiëren lukt niet in deze browser. Selecteer de tekst en kopieer die zelf.",
  leegGesprek: "Er is nog geen gesprek.",
  goed: "Goed antwoord",
  nietGoed: "Geen goed antwoord",
  oordeelBedankt: "Bedankt! Wil je er iets bij zetten? Dat hoeft niet.",
  oordeelVast: "Bedankt, je oordeel is verstuurd.",
  oordeelWoord: "Toelichting (mag leeg blijven)",
  oordeelGesprek: "Stuur mijn vraag en het antwoord mee, zodat de redactie ze kan lezen",
  oordeelVerstuur: "Verstuur toelichting",
  oordeelSluit: "Sluit",
  oordeelMislukt: "Je oordeel kon niet worden verstuurd. Probeer het straks nog eens.",
  bronnen: "Bronnen",
  datumOnbekend: "datum onbekend",
  drukAf: "Druk af",
  bewaarPagina: "Bewaar als webpagina",
  bewaarTekst: "Bewaar als tekst",
  nieuwTabblad: " (opent in een nieuw tabblad)",
  zekerVerwijder: "Weet je zeker dat je het gesprek wilt verwijderen? Dit kan niet terug.",
  zekerOpnieuw: "Wil je opnieuw beginnen? Dit gesprek wordt dan verwijderd.",
  ja: "Ja, verwijder",
  nee: "Nee, ga terug",
  bezigVerwijderen: "Het gesprek wordt verwijderd …",
  verwijderd: "Je gesprek is verwijderd, ook op de server.",
  opnieuwBegonnen: "Je bent opnieuw begonnen. Het oude gesprek is verwijderd.",
  verwijderdVerlopen:
    "Je gesprek hier is gewist. Je sessie was al verlopen, dus de server kon het gesprek niet meer vinden.",
  verwijderMislukt: "Het gesprek is nog niet verwijderd: de server is niet te bereiken. Probeer het straks nog eens.",
  opnieuw: "Probeer opnieuw",
  terug: "Zet mijn vraag terug",
  weg: "De assistent is even niet te bereiken. Je vraag is bewaard.",
  geenInternet: "Je hebt geen verbinding met internet. Je vraag is bewaard.",
  nietKlaar: "De assistent start nog op. Je vraag is bewaard.",
  afgebroken: "De verbinding brak af. Je vraag is bewaard.",
  teVaak: "Je stelt veel vragen achter elkaar. Je vraag is bewaard.",
  storing: "Er ging iets mis bij de assistent. Je vraag is bewaard.",
  leeg: "De assistent gaf geen antwoord. Probeer het nog eens, of stel je vraag anders.",
  geweigerd: "De assistent nam je vraag niet aan. Hij staat weer in het invoerveld.",
  oorsprong: "De assistent mag niet vanaf deze pagina worden gebruikt. Meld dit bij de beheerder van de site.",
  sessie: "Je sessie was verlopen. Ik ben een nieuwe begonnen en heb je vraag opnieuw gestuurd. Wat je eerder vroeg, weet ik niet meer.",
  nietBeantwoord: "Deze vraag is niet beantwoord.",
  beginMislukt: "De assistent is nu niet te bereiken. Je kunt je vraag wel alvast typen.",
} as const;

/** When it tries again by itself: "Ik probeer het over 3 seconden opnieuw." */
export const over = (seconds: number): string =>
  `Ik probeer het over ${seconds} ${seconds === 1 ? "seconde" : "seconden"} opnieuw.`;

export const nummer = (id: string): string => `Meld je dit? Noem dan nummer ${id}.`;

/** What the counter under the field says, from 100 characters before the end; empty before that. */
export function teller(length: number, most: number): string {
  const left = most - length;
  if (left > 100) return "";
  const count = Math.abs(left) === 1 ? "1 teken" : `${Math.abs(left)} tekens`;
  return left < 0 ? `${count} te veel` : `Nog ${count}`;
}

const MONTHS = "januari februari maart april mei juni juli augustus september oktober november december".split(" ");

/** A source's date in words: 2018-04 becomes april 2018, 2020-07-01 becomes 1 juli 2020. */
export function datum(date: string | null | undefined): string {
  const [year, month, day] = (date ?? "").split("-");
  if (!year) return TEXTS.datumOnbekend;
  const name = MONTHS[Number(month) - 1];
  return [day && name ? Number(day) : "", name ?? "", year].filter(Boolean).join(" ");
}

/** The time of a message, as 14:05. */
export function tijd(at: number): string {
  return new Date(at).toLocaleTimeString("nl-NL", { hour: "2-digit", minute: "2-digit" });
}
