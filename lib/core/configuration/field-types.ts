/** Types of values that several keys of gatebook.yml have. */
import * as z from "zod";

export const email = z.email("must be an e-mail address, such as ana@acme.example");
export const date = z.iso.date("must be a date, such as 2026-12-25");
