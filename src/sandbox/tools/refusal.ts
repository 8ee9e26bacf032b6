// What the model can mend: thrown anywhere below a tool, turned into an error result at its edge.

/** The message is written for the model: what was refused, why, and what to do instead. */
export class Refusal extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Refusal';
  }
}
